//! ECS as it answers on the wire: the tests compare what is there, without the functions' own reading of it.

use anyhow::{Context, Result};
use rehearsal::aws::plain;
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment;
use std::collections::BTreeMap;

/// What ECS writes about a revision, and nobody registers.
const OF_ECS: [&str; 7] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
];

/// A revision with its tags, as JSON.
pub async fn task_definition(stage: &Stage, arn: &str) -> Result<Value> {
    let operation = "AmazonEC2ContainerServiceV20141113.DescribeTaskDefinition";
    let input = json!({"taskDefinition": arn, "include": ["TAGS"]});
    let mut answer: Value = plain::json(&stage.aws, "ecs", operation, &input).await?;
    let tags = answer["tags"].take();
    let definition = answer["taskDefinition"]
        .as_object_mut()
        .context("no definition")?;
    definition.retain(|name, _| !OF_ECS.contains(&name.as_str()));
    definition.insert("tags".to_owned(), tags);
    Ok(answer["taskDefinition"].take())
}

/// An environment's service, as JSON.
pub async fn service(stage: &Stage, environment: Environment) -> Result<Value> {
    let operation = "AmazonEC2ContainerServiceV20141113.DescribeServices";
    let input = json!({"cluster": format!("shop-env-{environment}"), "services": ["api"]});
    let mut answer: Value = plain::json(&stage.aws, "ecs", operation, &input).await?;
    let service = answer["services"].get_mut(0).context("no service")?;
    Ok(service.take())
}

/// Every field with a value, by its path; items of a list by their names.
pub fn fields(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut left = vec![(String::new(), value)];
    while let Some((path, value)) = left.pop() {
        let below = |name: &str| match path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        match value {
            Value::Object(fields) => left.extend(fields.iter().map(|(name, it)| (below(name), it))),
            Value::Array(items) => left.extend(items.iter().enumerate().map(|(index, it)| {
                let name = it["name"].as_str().or(it["key"].as_str());
                (below(name.unwrap_or(&index.to_string())), it)
            })),
            Value::Null => {}
            // ECS writes so what nobody gave.
            Value::Number(number) if number.as_u64() == Some(0) => {}
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                found.insert(path, value.clone());
            }
        }
    }
    found
}
