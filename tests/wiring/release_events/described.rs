//! What the machine sends is what `statemachine/events.schema.json` allows, and `statemachine/events.md` describes it.

use crate::pages::{names, table};
use project::{Names, list, machine, read, text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PAGE: &str = "statemachine/events.md";

/// The kinds of events that an expression of the machine, or a field of it, can be.
fn kinds(machine: &Value) -> Names {
    let mut kinds = Names::new();
    let mut open = vec![machine];
    while let Some(value) = open.pop() {
        for key in ["event", "ending"] {
            kinds.extend(value[key].as_str().map(str::to_owned));
        }
        if let Some(expression) = value.as_str() {
            let chosen = expression.split("'event': ").skip(1);
            let chosen = chosen.filter_map(|it| it.split(", 'severity'").next());
            kinds.extend(chosen.flat_map(results));
        }
        open.extend(value.as_object().into_iter().flat_map(|it| it.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
    kinds
}

/// The texts that an expression can be: it is one, or chooses among them.
fn results(expression: &str) -> Vec<String> {
    let chosen = expression.split_once(" ? ").map_or(expression, |it| it.1);
    let results = chosen.split(" : ").filter_map(|it| it.strip_prefix('\''));
    results
        .map(|it| it.trim_end_matches('\'').to_owned())
        .collect()
}

pub(super) fn schema() -> Value {
    serde_json::from_str(&read("statemachine/events.schema.json")).expect("JSON")
}

/// The allowed values of a field.
fn allowed(field: &str) -> Names {
    values(&schema()["properties"][field])
}

/// The texts that a part of the schema allows; none where it says nothing.
fn values(schema: &Value) -> Names {
    let several = schema["enum"].as_array().into_iter().flatten();
    let one = Some(&schema["const"]).filter(|it| it.is_string());
    several.chain(one).map(text).collect()
}

#[test]
fn given_the_kinds_of_events_then_machine_schema_and_page_name_the_same() {
    let expect = allowed("event");
    assert_eq!(kinds(&machine()), expect);
    let rows = table(&read(PAGE), "event");
    let listed = rows.iter().flat_map(|row| names(&row[0]));
    assert_eq!(listed.collect::<Names>(), expect);
    let severities = rows.iter().flat_map(|row| names(&row[1]));
    assert_eq!(severities.collect::<Names>(), allowed("severity"));
}

/// The severities of each event on the page; an event may have several rows.
fn shown() -> BTreeMap<String, Names> {
    let mut shown: BTreeMap<String, Names> = BTreeMap::new();
    for row in table(&read(PAGE), "event") {
        for event in names(&row[0]) {
            shown.entry(event).or_default().extend(names(&row[1]));
        }
    }
    shown
}

#[test]
fn given_a_kind_then_the_schema_allows_the_severities_that_the_page_has() {
    for (event, severities) in shown() {
        let mut expect = allowed("severity");
        for rule in list(&schema()["allOf"]) {
            let holds = values(&rule["if"]["properties"]["event"]).contains(&event);
            let branch = if holds { "then" } else { "else" };
            let only = values(&rule[branch]["properties"]["severity"]);
            expect.retain(|it| only.is_empty() || only.contains(it));
        }
        assert_eq!(severities, expect, "{event}");
    }
}

/// The blocks of the page in a language.
fn blocks(language: &str) -> Vec<String> {
    let (page, begin) = (read(PAGE), format!("```{language}\n"));
    let blocks = page.split(&begin).skip(1);
    let blocks = blocks.filter_map(|it| it.split("```").next());
    blocks.map(str::to_owned).collect()
}

#[test]
fn given_a_rule_to_copy_then_it_asks_for_events_that_there_are() {
    let blocks = blocks("json");
    let patterns = blocks.iter().map(|it| serde_json::from_str(it));
    let patterns: Vec<Value> = patterns.collect::<Result<_, _>>().expect("JSON");
    let ours = patterns
        .iter()
        .filter(|it| it["source"] == json!(["blue-green"]));
    assert_eq!(ours.clone().count(), 3);
    for pattern in ours {
        for field in ["event", "severity"] {
            let asked = pattern["detail"][field].as_array().into_iter().flatten();
            let asked: Names = asked.map(text).collect();
            assert!(asked.is_subset(&allowed(field)), "{pattern}");
        }
    }
}

/// What the schemas of `service.deployed` and `service.rolledback` require, in CDEvents 0.5.
const CDEVENTS: [&str; 8] = [
    "/context/specversion",
    "/context/id",
    "/context/source",
    "/context/type",
    "/context/timestamp",
    "/subject/id",
    "/subject/content/environment/id",
    "/subject/content/artifactId",
];

#[test]
fn given_the_rules_for_cdevents_then_they_make_what_its_schemas_require_of_what_an_event_has() {
    let block = blocks("yaml").join("");
    let rules = project::template::parse(&block).expect("YAML");
    let ends = [
        ("Deployed", "released", "deployed"),
        ("RolledBack", "rolled-back", "rolledback"),
    ];
    for (rule, event, predicate) in ends {
        let rule = &rules[rule]["Properties"];
        assert_eq!(rule["EventPattern"]["detail"]["event"], json!([event]));
        let transformer = &rule["Targets"][0]["InputTransformer"];
        let made: Value = serde_json::from_str(&text(&transformer["InputTemplate"])).expect("JSON");
        for path in CDEVENTS {
            assert!(made.pointer(path).is_some(), "{path}");
        }
        assert_eq!(
            made["context"]["type"],
            format!("dev.cdevents.service.{predicate}.0.3.0")
        );
        let paths = transformer["InputPathsMap"].as_object().expect("paths");
        for (name, path) in paths {
            assert!(made.to_string().contains(&format!("<{name}>")), "{name}");
            let field = text(path);
            let field = field.strip_prefix("$.detail.").unwrap_or("event");
            assert!(schema()["properties"].get(field).is_some(), "{path}");
        }
    }
}
