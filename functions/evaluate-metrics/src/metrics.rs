//! Reads CloudWatch's points of both target groups and of the load balancer, in one query.
//!
//! Raw series only: sums and ratios are made elsewhere, where "not reported" and "zero" can be told apart.

use crate::series::{MetricSource, SERIES, Series};
use crate::snapshot::{Metrics, MinuteMetrics, minute_of};
pub use crate::window::Window;
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode,
};
use aws_smithy_types::DateTime;
use shared::{Error, Time, excerpt};
use std::collections::BTreeMap;
use std::ops::Range;

/// The load balancer publishes one point a minute; a point's timestamp is the beginning of its minute.
const PERIOD_SECONDS: i32 = 60;

/// The dimensions by which CloudWatch knows the target groups and their load balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimensions {
    /// `targetgroup/NAME/ID` of the environment that was active before the flip.
    pub previous_target_group: String,
    /// `targetgroup/NAME/ID` of the released environment.
    pub new_target_group: String,
    /// `app/NAME/ID`
    pub load_balancer: String,
}

/// The part of an ARN that CloudWatch uses as a dimension: what follows the last colon, without `loadbalancer/`.
pub(crate) fn dimension(arn: &str) -> String {
    let tail = arn.rsplit(':').next().unwrap_or(arn);
    tail.strip_prefix("loadbalancer/")
        .unwrap_or(tail)
        .to_owned()
}

/// Reads every series until `now`, with the minute that is not over yet.
///
/// # Errors
/// - `AwsUnavailable`: errors of the baseline are missing in the answer, in part or as a whole.
/// - `UnexpectedAnswer`: a point has no time, or its value is no count.
/// - What [`Error::from_sdk`] makes of a failed call.
pub async fn read(
    client: &Client,
    dimensions: &Dimensions,
    window: Window,
) -> Result<Metrics, Error> {
    let mut metrics = Metrics::default();
    for part in window.parts() {
        let read = read_part(client, dimensions, part, window.flipped_at).await?;
        metrics.previous.extend(read.previous);
        metrics.new.extend(read.new);
        metrics.gaps.extend(read.gaps);
    }
    Ok(metrics)
}

async fn read_part(
    client: &Client,
    dimensions: &Dimensions,
    part: Range<Time>,
    flipped_at: Time,
) -> Result<Metrics, Error> {
    let seconds = |time: Time| DateTime::from_secs(time.timestamp());
    let queries = SERIES.iter().map(|series| query(series, dimensions));
    let mut pages = client
        .get_metric_data()
        .set_metric_data_queries(Some(queries.collect()))
        .start_time(seconds(part.start))
        // The end is exclusive.
        .end_time(seconds(part.end))
        .scan_by(ScanBy::TimestampAscending)
        .into_paginator()
        .send();
    let mut points = Points::default();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Error::from_sdk("cloudwatch:GetMetricData", error))?;
        for result in page.metric_data_results() {
            points.add(result, minute_of(flipped_at))?;
        }
    }
    points.into_metrics()
}

/// The points of the pages that were read so far.
#[derive(Default)]
struct Points {
    previous: BTreeMap<Time, MinuteMetrics>,
    new: BTreeMap<Time, MinuteMetrics>,
    /// The latest status of each series: partial data is complete once its last page says so.
    status: BTreeMap<&'static str, StatusCode>,
}

impl Points {
    fn add(&mut self, result: &MetricDataResult, flip: Time) -> Result<(), Error> {
        let Some(series) = SERIES.iter().find(|series| Some(series.id) == result.id()) else {
            return Ok(());
        };
        let (_, _, field) = series.metric;
        let status = result.status_code().unwrap_or(&StatusCode::Complete);
        self.status.insert(series.id, status.clone());
        for (at, value) in points(result)? {
            let minutes = match series.source {
                MetricSource::PreviousTargetGroup => &mut self.previous,
                MetricSource::LoadBalancer if at < flip => &mut self.previous,
                MetricSource::NewTargetGroup | MetricSource::LoadBalancer => &mut self.new,
            };
            let minute = minutes.entry(at).or_insert_with(|| MinuteMetrics::new(at));
            *field(minute) = Some(value);
        }
        Ok(())
    }

    /// Without the errors of the baseline, usual errors would look like errors of the release: that is an error.
    fn into_metrics(self) -> Result<Metrics, Error> {
        let mut gaps = Vec::new();
        for series in &SERIES {
            let status = self.status.get(series.id);
            if status == Some(&StatusCode::Complete) {
                continue;
            }
            let gap = format!(
                "cloudwatch:GetMetricData answered {} for the series {}",
                excerpt(status.map_or("nothing", StatusCode::as_str)),
                series.id
            );
            if series.counts_baseline_errors {
                return Err(Error::AwsUnavailable(gap));
            }
            gaps.push(gap);
        }
        Ok(Metrics {
            previous: self.previous.into_values().collect(),
            new: self.new.into_values().collect(),
            gaps,
        })
    }
}

/// The points of a series, each with its minute.
fn points(result: &MetricDataResult) -> Result<Vec<(Time, f64)>, Error> {
    let (times, values) = (result.timestamps(), result.values());
    let is_count = |value: &f64| value.is_finite() && *value >= 0.0;
    if times.len() != values.len() || !values.iter().all(is_count) {
        return Err(Error::UnexpectedAnswer(format!(
            "cloudwatch:GetMetricData: expected counts, each with its time, in {}, found {} values and {} times",
            result.id().unwrap_or_default(),
            values.len(),
            times.len()
        )));
    }
    let times = times
        .iter()
        .filter_map(|at| Time::from_timestamp(at.secs(), 0));
    Ok(times.zip(values.iter().copied()).collect())
}

fn query(series: &Series, dimensions: &Dimensions) -> MetricDataQuery {
    let (name, statistic, _) = series.metric;
    let target_group = match series.source {
        MetricSource::PreviousTargetGroup => Some(&dimensions.previous_target_group),
        MetricSource::NewTargetGroup => Some(&dimensions.new_target_group),
        MetricSource::LoadBalancer => None,
    };
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let mut metric = Metric::builder()
        .namespace("AWS/ApplicationELB")
        .metric_name(name)
        .dimensions(dimension("LoadBalancer", &dimensions.load_balancer));
    if let Some(group) = target_group {
        metric = metric.dimensions(dimension("TargetGroup", group));
    }
    let statistic = MetricStat::builder()
        .metric(metric.build())
        .period(PERIOD_SECONDS)
        .stat(statistic);
    MetricDataQuery::builder()
        .id(series.id)
        .metric_stat(statistic.build())
        .return_data(true)
        .build()
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
