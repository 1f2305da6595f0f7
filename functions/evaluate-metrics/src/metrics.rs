//! Asks CloudWatch for the counts since the flip.
//!
//! Raw series only: sums and ratios are made here, where "not reported" and "zero" can be told apart.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, StatusCode,
};
use aws_smithy_types::DateTime;
use shared::Error;
use shared::record::Time;

/// The load balancer publishes one point a minute; a point's timestamp is the beginning of its minute.
const PERIOD_SECONDS: i32 = 60;

/// The names by which CloudWatch knows a target group and its load balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `targetgroup/NAME/ID`
    pub target_group: String,
    /// `app/NAME/ID`
    pub load_balancer: String,
}

/// Sums since the flip; absent where no point was reported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts {
    pub requests: Option<f64>,
    pub target_5xx: Option<f64>,
    pub load_balancer_5xx: Option<f64>,
}

/// The part of an ARN that CloudWatch uses as a dimension: what follows the last colon, without `loadbalancer/`.
pub fn dimension(arn: &str) -> String {
    let tail = arn.rsplit(':').next().unwrap_or(arn);
    tail.strip_prefix("loadbalancer/")
        .unwrap_or(tail)
        .to_owned()
}

/// Reads the counts from the minute of the flip until `now`.
///
/// The new target group had no public traffic before the flip, so its first minute is counted whole. The load
/// balancer's own 5xx have no such side: they are counted from the first whole minute after the flip.
pub async fn counts(
    client: &Client,
    names: &Names,
    flipped_at: Time,
    now: Time,
) -> Result<Counts, Error> {
    let first_minute = flipped_at.timestamp().div_euclid(60) * 60;
    let mut pages = client
        .get_metric_data()
        .set_metric_data_queries(Some(queries(names)))
        .start_time(DateTime::from_secs(first_minute))
        // The end is exclusive, and the open minute counts as well.
        .end_time(DateTime::from_secs(
            now.timestamp() + i64::from(PERIOD_SECONDS),
        ))
        .scan_by(aws_sdk_cloudwatch::types::ScanBy::TimestampAscending)
        .into_paginator()
        .send();
    let mut counts = Counts::default();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Error::from_sdk("cloudwatch:GetMetricData", error))?;
        for result in page.metric_data_results() {
            add(&mut counts, result, first_minute + 60)?;
        }
    }
    Ok(counts)
}

fn add(counts: &mut Counts, result: &MetricDataResult, whole_minute: i64) -> Result<(), Error> {
    let status = result.status_code().unwrap_or(&StatusCode::Complete);
    // PartialData means that more pages follow; the sums grow with each of them.
    if !matches!(status, StatusCode::Complete | StatusCode::PartialData) {
        return Err(Error::AwsUnavailable(format!(
            "cloudwatch:GetMetricData answered {status} for a series"
        )));
    }
    let sum = match result.id() {
        Some("requests") => &mut counts.requests,
        Some("target_5xx") => &mut counts.target_5xx,
        Some("load_balancer_5xx") => &mut counts.load_balancer_5xx,
        _ => return Ok(()),
    };
    let (times, values) = (result.timestamps(), result.values());
    let counts = values.iter().all(|it| it.is_finite() && *it >= 0.0);
    if times.len() != values.len() || !counts {
        return Err(Error::UnexpectedAnswer(format!(
            "cloudwatch:GetMetricData: expected counts, each with its time, in {}, found {} values and {} times",
            result.id().unwrap_or_default(),
            values.len(),
            times.len()
        )));
    }
    let points = times.iter().zip(values);
    for (_, value) in points
        .filter(|(at, _)| result.id() != Some("load_balancer_5xx") || at.secs() >= whole_minute)
    {
        *sum.get_or_insert(0.0) += value;
    }
    Ok(())
}

fn queries(names: &Names) -> Vec<MetricDataQuery> {
    let load_balancer = [("LoadBalancer", names.load_balancer.as_str())];
    let target_group = [
        load_balancer[0],
        ("TargetGroup", names.target_group.as_str()),
    ];
    vec![
        query("requests", "RequestCount", &target_group),
        query("target_5xx", "HTTPCode_Target_5XX_Count", &target_group),
        query(
            "load_balancer_5xx",
            "HTTPCode_ELB_5XX_Count",
            &load_balancer,
        ),
    ]
}

fn query(id: &str, name: &str, dimensions: &[(&str, &str)]) -> MetricDataQuery {
    let dimensions = dimensions
        .iter()
        .map(|(name, value)| Dimension::builder().name(*name).value(*value).build());
    let metric = Metric::builder()
        .namespace("AWS/ApplicationELB")
        .metric_name(name)
        .set_dimensions(Some(dimensions.collect()))
        .build();
    let stat = MetricStat::builder()
        .metric(metric)
        .period(PERIOD_SECONDS)
        .stat("Sum")
        .build();
    MetricDataQuery::builder()
        .id(id)
        .metric_stat(stat)
        .return_data(true)
        .build()
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
