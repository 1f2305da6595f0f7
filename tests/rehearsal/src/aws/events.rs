//! EventBridge: the deployed rules, what they match, and where they deliver.

use super::Aws;
use super::plain::json;
use anyhow::Result;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A rule, which has a pattern or a schedule.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    pub name: String,
    pub arn: String,
    /// JSON.
    pub event_pattern: Option<String>,
    /// `ENABLED` or `DISABLED`.
    pub state: String,
    /// Such as `rate(1 day)`.
    pub schedule_expression: Option<String>,
}

/// Where a rule delivers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    pub arn: String,
    /// What the target gets instead of the event.
    pub input: Option<String>,
}

/// One rule, by its name.
///
/// # Errors
/// There is no such rule, or EventBridge does not answer.
pub async fn rule(aws: &Aws, name: &str) -> Result<Rule> {
    call(aws, "DescribeRule", json!({"Name": name})).await
}

/// All rules.
///
/// # Errors
/// EventBridge does not answer.
pub async fn rules(aws: &Aws) -> Result<Vec<Rule>> {
    let mut answer: Value = call(aws, "ListRules", json!({})).await?;
    Ok(serde_json::from_value(answer["Rules"].take())?)
}

/// The targets of a rule.
///
/// # Errors
/// There is no such rule, or EventBridge does not answer.
pub async fn targets(aws: &Aws, rule: &str) -> Result<Vec<Target>> {
    let mut answer: Value = call(aws, "ListTargetsByRule", json!({"Rule": rule})).await?;
    Ok(serde_json::from_value(answer["Targets"].take())?)
}

/// From now on, a rule delivers nothing.
///
/// # Errors
/// There is no such rule, or EventBridge does not answer.
pub async fn disable(aws: &Aws, rule: &str) -> Result<()> {
    let _: Value = call(aws, "DisableRule", json!({"Name": rule})).await?;
    Ok(())
}

/// Whether a rule's pattern matches an event.
///
/// # Errors
/// The pattern is not valid, or EventBridge does not answer.
pub async fn matches(aws: &Aws, pattern: &str, event: &Value) -> Result<bool> {
    let input = json!({"EventPattern": pattern, "Event": event.to_string()});
    let answer: Value = call(aws, "TestEventPattern", input).await?;
    Ok(answer["Result"] == true)
}

async fn call<T: DeserializeOwned>(aws: &Aws, operation: &str, input: Value) -> Result<T> {
    json(aws, "events", &format!("AWSEvents.{operation}"), &input).await
}
