//! What an Application Load Balancer publishes to CloudWatch; the local one publishes nothing.

use crate::stage::Stage;
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use shared::Environment;

/// More than a release here takes until its flip.
const MINUTES_OF_ERRORS: i64 = 5;

/// Requests and 5xx of some moment.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// `blue` or `green`; `-`: the load balancer itself.
    pub slot: String,
    pub requests: u64,
    pub errors: u64,
    /// How long the targets took, in seconds, as far as that is known.
    pub seconds: Vec<f64>,
    pub at: DateTime<Utc>,
}

impl Sample {
    pub fn of(environment: Environment, requests: u64, errors: u64, at: DateTime<Utc>) -> Sample {
        Sample {
            slot: environment.name().to_owned(),
            requests,
            errors,
            at,
            ..Sample::default()
        }
    }
}

/// Publishes an hour of an environment's usual traffic, without an error, up to now: what a service has behind it.
///
/// # Errors
/// CloudWatch does not take it.
pub async fn publish_hour(stage: &Stage, environment: Environment, requests: u64) -> Result<()> {
    let this = Utc::now().duration_trunc(TimeDelta::minutes(1))?;
    let minutes = (1..=60).map(|minute| this - TimeDelta::minutes(minute));
    let samples = minutes.map(|at| Sample::of(environment, requests, 0, at));
    publish(stage, samples).await
}

/// Publishes errors of one environment's tasks, in this minute and in the next ones: in which of them a flip comes
/// depends on the machine, and an earlier release's errors may have been in this one.
///
/// # Errors
/// CloudWatch does not take them.
pub async fn publish_errors(stage: &Stage, environment: Environment) -> Result<()> {
    // At their beginning: what lies ahead when CloudWatch is asked, the local one does not show.
    let this = Utc::now().duration_trunc(TimeDelta::minutes(1))?;
    let minutes = (0..MINUTES_OF_ERRORS).map(|minute| this + TimeDelta::minutes(minute));
    let samples = minutes.map(|at| Sample::of(environment, 100, 50, at));
    publish(stage, samples).await
}

/// Publishes as the load balancer does: 5xx only where there are some, its own 5xx without a target group.
///
/// # Errors
/// CloudWatch does not take them.
pub async fn publish(stage: &Stage, samples: impl IntoIterator<Item = Sample>) -> Result<()> {
    let mut data = Vec::new();
    for sample in samples {
        let group = match sample.slot.as_str() {
            "green" => Some("GreenTargetGroupArn"),
            "blue" => Some("BlueTargetGroupArn"),
            _ => None,
        };
        let mut dimensions = vec![dimension(stage, "LoadBalancer", "LoadBalancerArn")?];
        let mut errors = "HTTPCode_ELB_5XX_Count";
        if let Some(group) = group {
            dimensions.push(dimension(stage, "TargetGroup", group)?);
            errors = "HTTPCode_Target_5XX_Count";
        }
        let count = |name, count| {
            let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
            datum(
                name,
                vec![count],
                StandardUnit::Count,
                (sample.at, &*dimensions),
            )
        };
        data.extend(group.map(|_| count("RequestCount", sample.requests)));
        data.extend((sample.errors > 0).then(|| count(errors, sample.errors)));
        if group.is_some() && !sample.seconds.is_empty() {
            let (unit, of) = (StandardUnit::Seconds, (sample.at, &*dimensions));
            data.push(datum("TargetResponseTime", sample.seconds, unit, of));
        }
    }
    if !data.is_empty() {
        let call = stage.aws.cloudwatch().put_metric_data();
        let call = call.namespace("AWS/ApplicationELB");
        call.set_metric_data(Some(data)).send().await?;
    }
    Ok(())
}

/// The last part of an ARN among the environment's outputs, as CloudWatch names a load balancer and a target group.
fn dimension(stage: &Stage, name: &str, output: &str) -> Result<Dimension> {
    let arn = stage.environment.get(output);
    let value = arn.and_then(|arn| arn.rsplit(':').next());
    let value = value.with_context(|| format!("the environment has no output {output}"))?;
    let value = value.trim_start_matches("loadbalancer/");
    Ok(Dimension::builder().name(name).value(value).build())
}

/// Points of one metric at one time.
fn datum(
    name: &str,
    values: Vec<f64>,
    unit: StandardUnit,
    (at, dimensions): (DateTime<Utc>, &[Dimension]),
) -> MetricDatum {
    MetricDatum::builder()
        .metric_name(name)
        .set_values(Some(values))
        .unit(unit)
        .timestamp(std::time::SystemTime::from(at).into())
        .set_dimensions(Some(dimensions.to_vec()))
        .build()
}
