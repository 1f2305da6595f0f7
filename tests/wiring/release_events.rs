//! The release events: each end sends one, and none changes the release that it is about.

mod described;

use crate::machine::EVENT;
use crate::routes::{reached, ways};
use project::{Names, list, machine, text};
use serde_json::{Value, json};

/// Seconds that a release waits for EventBridge at most.
const BOUND_SECONDS: u64 = 5;

/// How a preview ends: it concerns nobody but who asked for it.
const PREVIEWS: [&str; 2] = ["Preview complete", "Preview failed"];

/// Somebody must learn of a gate, so that event is tried again, though it is no end.
const GATES: [&str; 3] = ["Tell of gate", "Tell of next gate", "Tell of contract gate"];

/// What an execution does not tell: a decision that was taken before, and the end of a freeze that is not its own.
const UNTOLD: [(&str, [&str; 2]); 1] = [("Decision recorded", ["Freeze ended?", "What to do?"])];

/// The tasks that send events.
fn tasks(machine: &Value) -> Vec<(&String, &Value)> {
    let states = machine["States"].as_object().expect("states").iter();
    let found: Vec<_> = states.filter(|(_, it)| it["Resource"] == EVENT).collect();
    assert!(found.len() > 10, "{found:?}");
    found
}

/// The states that end an execution.
fn ends(machine: &Value) -> Vec<(&String, &Value)> {
    let states = machine["States"].as_object().expect("states").iter();
    let ends = |it: &Value| ["Succeed", "Fail"].contains(&text(&it["Type"]).as_str());
    states.filter(|(_, it)| ends(it)).collect()
}

/// The states that lead to a state.
fn before<'a>(machine: &'a Value, name: &str) -> Vec<&'a String> {
    let states = machine["States"].as_object().expect("states").iter();
    let leads = |it: &Value| ways(it).iter().any(|(to, _)| **to == name);
    let found = states.filter(|(_, it)| leads(it));
    found.map(|(name, _)| name).collect()
}

fn is_task(machine: &Value, name: &str) -> bool {
    machine["States"][name]["Resource"] == EVENT
}

#[test]
fn given_an_end_then_an_event_comes_before_it_unless_it_is_of_a_preview() {
    let machine = machine();
    for (end, _) in ends(&machine) {
        let mut before = before(&machine, end);
        let untold = UNTOLD.iter().filter(|(of, _)| of == end);
        let untold: Vec<_> = untold.flat_map(|(_, states)| states).collect();
        before.retain(|it| !untold.contains(&&it.as_str()));
        let sends = before.iter().all(|it| is_task(&machine, it));
        assert_eq!(
            sends,
            !PREVIEWS.contains(&end.as_str()),
            "{end}: {before:?}"
        );
        let retried = before
            .iter()
            .all(|it| machine["States"][it]["Retry"].is_array());
        assert!(retried || !sends, "{end}");
    }
}

#[test]
fn given_an_event_that_is_not_accepted_then_the_release_goes_on_as_it_would_have() {
    let machine = machine();
    for (name, task) in tasks(&machine) {
        assert!(name.starts_with("Tell of "), "{name}");
        assert_eq!(task["TimeoutSeconds"], BOUND_SECONDS, "{name}");
        let catchers = list(&task["Catch"]);
        let caught = catchers.iter().map(|it| it["ErrorEquals"][0].clone());
        let expect = [json!("States.DataLimitExceeded"), json!("States.ALL")];
        assert_eq!(caught.collect::<Vec<_>>(), expect, "{name}");
        for catcher in catchers {
            assert_eq!(catcher["Next"], task["Next"], "{name}");
            let mut assigned = catcher["Assign"].clone();
            let counted = assigned.as_object_mut().expect("variables");
            let counted = counted.remove("untold");
            assert_eq!(counted, Some(json!("{% $untold + 1 %}")), "{name}");
            // What it says that it did, it has tried.
            let said = task.get("Assign").cloned().unwrap_or(json!({}));
            assert_eq!(assigned, said, "{name}");
        }
        // Nobody waits for progress: the next event is near.
        let next = text(&task["Next"]);
        let is_end = ends(&machine).iter().any(|(end, _)| **end == next);
        let is_retried = is_end || GATES.contains(&name.as_str());
        assert_eq!(task["Retry"].is_array(), is_retried, "{name}");
    }
}

#[test]
fn given_a_failure_that_is_to_be_flipped_back_then_no_event_delays_it() {
    let machine = machine();
    for name in before(&machine, "Flip back") {
        assert!(!is_task(&machine, name), "{name}");
    }
    // What names a failure leads on at once: to the flip back, or to the record.
    let states = machine["States"].as_object().expect("states");
    for (name, state) in states {
        let rules = ["Choices", "Catch"].map(|key| list(&state[key]));
        let naming = rules
            .into_iter()
            .flatten()
            .filter(|it| it["Assign"].get("failure").is_some());
        for rule in naming {
            let next = text(&rule["Next"]);
            assert!(!is_task(&machine, &next), "{name}: {next}");
        }
    }
}

#[test]
fn given_a_preview_then_it_sends_no_event_even_if_it_fails() {
    let machine = machine();
    let states = &machine["States"];
    let walls = ["Failure of a preview?"];
    for first in ["Preview traffic", "Preview deployment", "Preview flip"] {
        let sending = reached(states, first, &walls).into_iter();
        let sending = sending.filter(|it| is_task(&machine, it));
        assert_eq!(sending.collect::<Names>(), Names::new(), "{first}");
    }
    assert_eq!(before(&machine, "Tell of failure"), walls);
    let asked = &states["Begin"]["Assign"]["isPreview"];
    assert_eq!(
        asked,
        "{% ( $input := $states.context.Execution.Input; ($input.action = 'from-ci' ? $input.request : $input).action \
         in ['plan', 'status'] ) %}"
    );
    let waits = list(&states["What to do?"]["Choices"]);
    let waits = waits.iter().find(|it| it["Next"] == "Tell of waiting");
    let condition = waits.map(|it| text(&it["Condition"]));
    assert!(condition.is_some_and(|it| it.contains("$isPreview = false and ")));
}

#[test]
fn given_events_that_were_not_accepted_then_an_output_names_them() {
    let machine = machine();
    let succeed = ends(&machine).into_iter();
    let succeed =
        succeed.filter(|(name, it)| it["Type"] == "Succeed" && *name != "Preview complete");
    let outputs: Names = succeed.map(|(_, it)| text(&it["Output"])).collect();
    let expect = "{% $untold = 0 ? $result : $merge([$result, { 'warnings': [$result.warnings, \
        'release events that EventBridge did not accept: ' & $string($untold)] }]) %}";
    assert_eq!(outputs, [expect.to_owned()].into());
}

#[test]
fn given_what_all_events_have_in_common_then_one_variable_has_it() {
    let machine = machine();
    let common = &machine["States"]["Begin"]["Assign"]["detail"];
    let required: Names = list(&described::schema()["required"])
        .into_iter()
        .map(text)
        .collect();
    let own = ["event", "severity", "title", "text"].map(str::to_owned);
    let expect: Names = required
        .into_iter()
        .filter(|it| !own.contains(it))
        .collect();
    assert_eq!(project::keys(common), expect);
    for (name, task) in tasks(&machine) {
        let entries = task["Arguments"]["Entries"].to_string();
        let sent = entries.matches("Blue-Green Release").count();
        assert!(sent >= 1, "{name}");
        assert_eq!(entries.matches("$merge([$detail, ").count(), sent, "{name}");
        assert_eq!(entries.matches("blue-green").count(), sent, "{name}");
    }
}

/// What makes a text safe within JSON: see `plain` in flip's `notice`, which does the same.
#[test]
fn given_a_text_then_nothing_in_it_can_end_a_string() {
    let machine = machine();
    for (name, task) in tasks(&machine) {
        for entry in list(&task["Arguments"]["Entries"]) {
            let expression = entry
                .as_str()
                .map_or_else(|| text(&entry["Detail"]), str::to_owned);
            let merged = expression.matches("$merge([$detail, ").count();
            assert_eq!(expression.matches("'text': ").count(), merged, "{name}");
            for said in expression.split("'text': ").skip(1) {
                let inner = said
                    .strip_prefix("$substring($replace($replace($")
                    .expect(name);
                let (_, rest) = inner.split_once(", ").expect(name);
                let safe = "'\"', \"'\"), /[\\\\\\x00-\\x20]+/, ' '), 0, 1000)";
                assert!(rest.starts_with(safe), "{name}: {said}");
            }
        }
    }
}
