//! What the body refers to: parameters, resources and pseudo parameters of the template, and names of its own.

use super::{widgets, written};
use project::{Names, between, keys, list, template, text};
use serde_json::Value;

const PSEUDO: [&str; 6] = [
    "AccountId",
    "NoValue",
    "Partition",
    "Region",
    "StackName",
    "URLSuffix",
];

/// Attributes that `Fn::GetAtt` gives of each type that is referred to (CloudFormation's reference of resources).
const ATTRIBUTES: [(&str, &str); 2] = [
    ("AWS::CloudWatch::Alarm", "Arn"),
    ("AWS::SQS::Queue", "QueueName"),
];

/// What is wrong with a name in `${}` or a `Ref`; none where it is right.
fn unknown(template: &Value, name: &str) -> Option<String> {
    if let Some(pseudo) = name.strip_prefix("AWS::") {
        return (!PSEUDO.contains(&pseudo)).then(|| name.to_owned());
    }
    let (id, attribute) = name.split_once('.').unwrap_or((name, ""));
    let resource = template["Resources"].get(id);
    let known = match resource {
        Some(resource) if !attribute.is_empty() => {
            let kind = resource["Type"].as_str().unwrap_or_default();
            ATTRIBUTES.contains(&(kind, attribute))
        }
        Some(_) => true,
        None => attribute.is_empty() && template["Parameters"].get(id).is_some(),
    };
    (!known).then(|| name.to_owned())
}

/// Every name that a value refers to, in any of its functions.
fn referred(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(name) = value.get("Ref") {
        found.push(text(name));
    }
    if let Some(path) = value.get("Fn::GetAtt") {
        found.push(format!("{}.{}", text(&path[0]), text(&path[1])));
    }
    if let Some(sub) = value.get("Fn::Sub") {
        let own = sub.get(1).map(keys).unwrap_or_default();
        let names = between(&text(sub.get(0).unwrap_or(sub)), "${", "}");
        found.extend(names.difference(&own).cloned());
    }
    let inner: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    found.extend(inner.into_iter().flat_map(referred));
    found
}

#[test]
fn given_a_name_in_the_body_then_the_template_or_the_body_defines_it() {
    let (template, (body, own)) = (template(), written());
    let names = between(&body, "${", "}");
    assert!(
        keys(&own).is_subset(&names),
        "a name of its own is not used"
    );
    let outside = names.difference(&keys(&own)).cloned().collect::<Vec<_>>();
    let inside = referred(&own);
    let unknown = outside
        .iter()
        .chain(&inside)
        .filter_map(|it| unknown(&template, it));
    assert_eq!(unknown.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn given_the_alarms_then_every_one_of_the_stack_and_every_listed_one_is_shown() {
    let (template, (_, own)) = (template(), written());
    let shown: Names = referred(&own["Alarms"]).into_iter().collect();
    let resources = template["Resources"].as_object().expect("resources");
    let alarms = resources
        .iter()
        .filter(|(_, it)| it["Type"] == "AWS::CloudWatch::Alarm");
    for (id, _) in alarms {
        assert!(shown.contains(&format!("{id}.Arn")), "{id}");
    }
    let items = list(&own["Alarms"]["Fn::Join"][1]);
    let conditions = items.iter().filter_map(|it| it["Fn::If"][0].as_str());
    let listed = (1..=5).map(|it| format!("HasRollbackAlarm{it}"));
    assert_eq!(conditions.collect::<Vec<_>>(), listed.collect::<Vec<_>>());
}

#[test]
fn given_a_link_then_it_leads_to_the_console_of_the_stacks_partition() {
    let widgets = widgets();
    let texts = widgets
        .iter()
        .filter_map(|it| it["properties"]["markdown"].as_str());
    let links: Names = texts.flat_map(|it| between(it, "](", ")")).collect();
    assert!(
        links.iter().all(|it| it.starts_with("${ConsoleUrl}/")),
        "{links:?}"
    );
    let all = links.into_iter().collect::<String>();
    for target in ["${Release}", "${Records}", "${DeadLetterQueue.QueueName}"] {
        assert!(all.contains(target), "no link to {target}");
    }
    let consoles = keys(&template()["Mappings"]["Consoles"]);
    let partitions = ["aws", "aws-cn", "aws-us-gov"].map(str::to_owned);
    assert!(consoles.is_superset(&partitions.into()), "{consoles:?}");
}
