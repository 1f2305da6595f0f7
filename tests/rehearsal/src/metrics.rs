//! What an Application Load Balancer would tell CloudWatch; the local one tells nothing.

use crate::stage::Stage;
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use chrono::{DateTime, TimeDelta, Utc};
use shared::Environment;

/// Requests and 5xx of some moment.
#[derive(Clone, Debug)]
pub struct Told {
    /// `blue` or `green`; empty: the first revision, which knows no slot and is blue's; `-`: the load balancer itself.
    pub slot: String,
    pub requests: u64,
    pub errors: u64,
    pub at: DateTime<Utc>,
}

impl Told {
    pub fn of(environment: Environment, requests: u64, errors: u64, at: DateTime<Utc>) -> Told {
        Told {
            slot: environment.name().to_owned(),
            requests,
            errors,
            at,
        }
    }
}

/// Tells CloudWatch of errors from one environment's tasks, in this minute and in the next: an earlier release's errors
/// may have been in this one.
pub async fn publish_errors(stage: &Stage, environment: Environment) -> Result<()> {
    let now = Utc::now();
    let minutes = [now, now + TimeDelta::minutes(1)];
    publish(stage, minutes.map(|at| Told::of(environment, 100, 50, at))).await
}

/// Publishes as the load balancer does: 5xx only where there are some, its own 5xx without a target group.
pub async fn publish(stage: &Stage, told: impl IntoIterator<Item = Told>) -> Result<()> {
    let mut data = Vec::new();
    for it in told {
        let group = match it.slot.as_str() {
            "green" => Some(tail(stage, "GreenTargetGroupArn")?),
            "blue" | "" => Some(tail(stage, "BlueTargetGroupArn")?),
            _ => None,
        };
        let balancer = tail(stage, "LoadBalancerArn")?.replace("loadbalancer/", "");
        let datum = |name, count| datum(name, count, it.at, &balancer, group.as_deref());
        let errors = match group {
            Some(_) => "HTTPCode_Target_5XX_Count",
            None => "HTTPCode_ELB_5XX_Count",
        };
        data.extend(group.is_some().then(|| datum("RequestCount", it.requests)));
        data.extend((it.errors > 0).then(|| datum(errors, it.errors)));
    }
    if !data.is_empty() {
        let call = stage.aws.cloudwatch().put_metric_data();
        let call = call.namespace("AWS/ApplicationELB");
        call.set_metric_data(Some(data)).send().await?;
    }
    Ok(())
}

/// The last part of an ARN among the environment's outputs.
fn tail(stage: &Stage, name: &str) -> Result<String> {
    let arn = stage.environment.get(name);
    let tail = arn.and_then(|arn| arn.rsplit(':').next());
    Ok(tail
        .with_context(|| format!("the environment has no output {name}"))?
        .to_owned())
}

fn datum(
    name: &str,
    count: u64,
    at: DateTime<Utc>,
    balancer: &str,
    group: Option<&str>,
) -> MetricDatum {
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let datum = MetricDatum::builder()
        .metric_name(name)
        .value(f64::from(u32::try_from(count).unwrap_or(u32::MAX)))
        .unit(StandardUnit::Count)
        .timestamp(std::time::SystemTime::from(at).into())
        .dimensions(dimension("LoadBalancer", balancer));
    match group {
        Some(group) => datum.dimensions(dimension("TargetGroup", group)).build(),
        None => datum.build(),
    }
}
