//! What AWS delivers and the local one does not: pushes to the deployed rule's target, alarms to their action.

use crate::aws::REGION;
use crate::stage::{REPOSITORY, Stage};
use anyhow::{Context, Result, bail};
use aws_sdk_cloudwatch::types::{MetricAlarm, StateValue};
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// Pushes a build and delivers its event as EventBridge would: through the deployed rule's pattern to its
/// target. Gives the ARN of the execution that it started.
pub async fn push(stage: &Stage, tag: &str) -> Result<String> {
    let digest = stage.registry.push(&stage.aws, REPOSITORY, tag).await?;
    let event = image_action(stage, &digest, Some(tag), Utc::now());
    deliver(stage, &event)
        .await?
        .with_context(|| format!("the deployed rule does not match the push of {tag}"))
}

/// Delivers an event if the deployed rule matches it.
pub async fn deliver(stage: &Stage, event: &Value) -> Result<Option<String>> {
    let events = stage.aws.events();
    let rule = stage.output("TriggerRuleName")?;
    let name = rule.rsplit('/').next().unwrap_or(rule);
    let pattern = events
        .describe_rule()
        .name(name)
        .send()
        .await?
        .event_pattern
        .context("the rule has no pattern")?;
    let test = events
        .test_event_pattern()
        .event_pattern(pattern)
        .event(event.to_string())
        .send()
        .await?;
    if !test.result() {
        return Ok(None);
    }
    let targets = events
        .list_targets_by_rule()
        .rule(name)
        .send()
        .await?
        .targets
        .unwrap_or_default();
    let [target] = targets.as_slice() else {
        bail!(
            "expected one target of rule {name}, found {}",
            targets.len()
        )
    };
    let call = stage
        .aws
        .sfn()
        .start_execution()
        .state_machine_arn(target.arn())
        .input(event.to_string());
    Ok(Some(call.send().await?.execution_arn))
}

/// Starts an execution as an operator does at the console, and gives its ARN.
pub async fn ask(stage: &Stage, request: &Value) -> Result<String> {
    let call = stage.aws.sfn().start_execution();
    let call = call.state_machine_arn(stage.output("StateMachineArn")?);
    Ok(call.input(request.to_string()).send().await?.execution_arn)
}

/// The event that ECR gives for a push; it tells whole seconds.
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
pub struct Alarms(JoinHandle<()>);

impl Alarms {
    pub fn relay(stage: &Arc<Stage>) -> Alarms {
        Alarms(tokio::spawn(watch(stage.clone())))
    }
}

impl Drop for Alarms {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn watch(stage: Arc<Stage>) {
    let mut known: HashMap<String, StateValue> = HashMap::new();
    loop {
        let call = stage
            .aws
            .cloudwatch()
            .describe_alarms()
            .alarm_name_prefix(&stage.service)
            .send();
        for alarm in call
            .await
            .ok()
            .and_then(|output| output.metric_alarms)
            .unwrap_or_default()
        {
            let (Some(name), Some(state)) = (alarm.alarm_name(), alarm.state_value()) else {
                continue;
            };
            let before = known.insert(name.to_owned(), state.clone());
            if *state == StateValue::Alarm
                && before.is_some_and(|before| before != StateValue::Alarm)
            {
                // CloudWatch does not wait for the function either.
                invoke(&stage, &alarm).await.ok();
            }
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn invoke(stage: &Stage, alarm: &MetricAlarm) -> Result<()> {
    for action in alarm
        .alarm_actions()
        .iter()
        .filter(|action| action.contains(":function:"))
    {
        let payload = Blob::new(alarm_event(stage, alarm, Utc::now()).to_string());
        let call = stage
            .aws
            .lambda()
            .invoke()
            .function_name(action)
            .invocation_type(InvocationType::Event);
        call.payload(payload).send().await?;
    }
    Ok(())
}

/// The event that CloudWatch gives to a function for a change seen at `changed`.
///
/// The local CloudWatch tells whole seconds of a change, the real one milliseconds, so the moment in which the
/// relay saw it stands for it.
pub fn alarm_event(stage: &Stage, alarm: &MetricAlarm, changed: DateTime<Utc>) -> Value {
    let dimensions: serde_json::Map<_, _> = alarm
        .dimensions()
        .iter()
        .filter_map(|it| Some((it.name()?.to_owned(), json!(it.value()?))))
        .collect();
    json!({
        "source": "aws.cloudwatch", "alarmArn": alarm.alarm_arn(), "accountId": stage.aws.account,
        "time": changed.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string(), "region": REGION,
        "alarmData": {
            "alarmName": alarm.alarm_name(),
            "state": {"value": "ALARM", "reason": alarm.state_reason(),
                "timestamp": changed.format("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string()},
            "previousState": {"value": "OK"},
            "configuration": {"metrics": [{"id": "m1", "returnData": true, "metricStat": {
                "metric": {"namespace": alarm.namespace(), "name": alarm.metric_name(), "dimensions": dimensions},
                "period": alarm.period(), "stat": "Sum"}}]},
        },
    })
}
