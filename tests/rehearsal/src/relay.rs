//! What AWS delivers and the local one does not: a push to the target of the deployed rule, an alarm to its action.
//!
//! Both only as far as the stack lets AWS do it: by the rule's pattern, and by the permissions of the function. The local
//! AWS itself delivers that an execution was stopped (`stopped`).

mod permission;
pub mod stopped;

use crate::aws::{REGION, events, lambda};
use crate::stage::{REPOSITORY, Stage};
use anyhow::{Context, Result, bail};
use aws_sdk_cloudwatch::types::{Dimension, MetricAlarm, MetricDataQuery, StateValue};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Pushes a build and delivers its event as EventBridge would: through the deployed rule's pattern to its
/// target. Gives the ARN of the execution that it started.
///
/// # Errors
/// ECR does not take the image, or the deployed rule does not match the push.
pub async fn push(stage: &Stage, tag: &str) -> Result<String> {
    let digest = stage.registry.push(&stage.aws, REPOSITORY, tag).await?;
    let event = image_action(stage, &digest, Some(tag), Utc::now());
    let execution = deliver(stage, &event).await?;
    execution.with_context(|| format!("the deployed rule does not match the push of {tag}"))
}

/// Delivers an event if the deployed rule matches it.
///
/// # Errors
/// The rule has not exactly one target, or AWS does not answer.
pub async fn deliver(stage: &Stage, event: &Value) -> Result<Option<String>> {
    let rule = stage.output("TriggerRuleName")?;
    let name = rule.rsplit('/').next().unwrap_or(rule);
    let rule = events::rule(&stage.aws, name).await?;
    let pattern = rule.event_pattern.context("the rule has no pattern")?;
    if !events::matches(&stage.aws, &pattern, event).await? {
        return Ok(None);
    }
    let targets = events::targets(&stage.aws, name).await?;
    let [target] = targets.as_slice() else {
        let found = targets.len();
        bail!("expected one target of rule {name}, found {found}")
    };
    Ok(Some(start(stage, &target.arn, event).await?))
}

/// Starts an execution as an operator does at the console, and gives its ARN.
///
/// # Errors
/// Step Functions does not start it.
pub async fn request(stage: &Stage, request: &Value) -> Result<String> {
    start(stage, stage.output("StateMachineArn")?, request).await
}

async fn start(stage: &Stage, machine: &str, input: &Value) -> Result<String> {
    let call = stage.aws.sfn().start_execution().state_machine_arn(machine);
    Ok(call.input(input.to_string()).send().await?.execution_arn)
}

/// The event that ECR gives for a push; its time is in whole seconds.
pub fn image_action(stage: &Stage, digest: &str, tag: Option<&str>, at: DateTime<Utc>) -> Value {
    let mut event = json!({
        "version": "0", "id": "13cde686-328b-6117-af20-0e5566167482", "detail-type": "ECR Image Action",
        "source": "aws.ecr", "account": stage.aws.account, "time": at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": REGION, "resources": [],
        "detail": {"result": "SUCCESS", "repository-name": REPOSITORY, "image-digest": digest,
            "action-type": "PUSH", "image-manifest-media-type": "application/vnd.docker.distribution.manifest.v2+json"},
    });
    if let Some(tag) = tag {
        event["detail"]["image-tag"] = json!(tag);
    }
    event
}

/// Invokes the action of every alarm that goes into ALARM; dropping it ends it.
pub struct Alarms {
    _watch: JoinSet<()>,
}

impl Alarms {
    pub fn relay(stage: &Arc<Stage>) -> Alarms {
        let mut tasks = JoinSet::new();
        tasks.spawn(watch(stage.clone()));
        Alarms { _watch: tasks }
    }
}

async fn watch(stage: Arc<Stage>) {
    let mut states = HashMap::new();
    loop {
        for alarm in alarms(&stage).await.unwrap_or_default() {
            let (Some(name), Some(state)) = (alarm.alarm_name(), alarm.state_value()) else {
                continue;
            };
            let before = states.insert(name.to_owned(), state.clone());
            let was_quiet = before.is_some_and(|before| before != StateValue::Alarm);
            if was_quiet && *state == StateValue::Alarm {
                // CloudWatch does not wait for the function either.
                act(&stage, &alarm).await.ok();
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn alarms(stage: &Stage) -> Result<Vec<MetricAlarm>> {
    let output = stage.aws.cloudwatch().describe_alarms().send().await?;
    Ok(output.metric_alarms.unwrap_or_default())
}

/// Invokes those functions among an alarm's actions that let it.
async fn act(stage: &Stage, alarm: &MetricAlarm) -> Result<()> {
    let actions = alarm.alarm_actions().iter();
    for function in actions.filter(|action| action.contains(":function:")) {
        let event = alarm_event(stage, alarm, Utc::now());
        let policy = lambda::policy(&stage.aws, function).await?;
        let arn = alarm.alarm_arn().context("an alarm without its ARN")?;
        if permission::admits(&policy, function, arn)? {
            lambda::invoke_event(&stage.aws, function, &event).await?;
        }
    }
    Ok(())
}

/// The event that CloudWatch gives to a function for a change at `changed`.
///
/// The local CloudWatch keeps whole seconds of a change, the real one milliseconds, so the relay takes the moment in
/// which it noticed the change.
pub fn alarm_event(stage: &Stage, alarm: &MetricAlarm, changed: DateTime<Utc>) -> Value {
    let changed = changed.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string();
    json!({
        "source": "aws.cloudwatch", "alarmArn": alarm.alarm_arn(), "accountId": stage.aws.account,
        "time": changed, "region": REGION,
        "alarmData": {
            "alarmName": alarm.alarm_name(),
            "state": {"value": "ALARM", "reason": alarm.state_reason(), "timestamp": changed},
            "previousState": {"value": "OK"},
            "configuration": {"metrics": metrics(alarm)},
        },
    })
}

/// What an alarm watches: metric math, or one metric.
fn metrics(alarm: &MetricAlarm) -> Vec<Value> {
    if alarm.metrics().is_empty() {
        let metric = metric(alarm.namespace(), alarm.metric_name(), alarm.dimensions());
        let stat = json!({"metric": metric, "period": alarm.period(), "stat": "Sum"});
        return vec![json!({"id": "m1", "metricStat": stat, "returnData": true})];
    }
    let queries = alarm.metrics().iter();
    let event = |query: &MetricDataQuery| {
        let mut event = json!({"id": query.id(), "returnData": query.return_data()});
        for (name, text) in [("expression", query.expression()), ("label", query.label())] {
            if let Some(text) = text {
                event[name] = json!(text);
            }
        }
        if let Some(stat) = query.metric_stat() {
            let found = stat
                .metric()
                .map(|found| metric(found.namespace(), found.metric_name(), found.dimensions()));
            event["metricStat"] =
                json!({"metric": found, "period": stat.period(), "stat": stat.stat()});
        }
        event
    };
    queries.map(event).collect()
}

fn metric(namespace: Option<&str>, name: Option<&str>, dimensions: &[Dimension]) -> Value {
    let dimensions = dimensions.iter();
    let dimensions: HashMap<_, _> = dimensions
        .filter_map(|dimension| Some((dimension.name()?, dimension.value()?)))
        .collect();
    json!({"namespace": namespace, "name": name, "dimensions": dimensions})
}
