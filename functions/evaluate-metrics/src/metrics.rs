//! Asks CloudWatch for the points of both target groups and of the load balancer, in one query.
//!
//! Raw series only: sums and ratios are made elsewhere, where "not reported" and "zero" can be told apart.

use crate::seen::{Metrics, Minute, minute_of};
use crate::series::{SERIES, Series, Side};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricDataResult, MetricStat, ScanBy, StatusCode,
};
use aws_smithy_types::DateTime;
use shared::Error;
use shared::record::Time;
use std::collections::BTreeMap;

/// The load balancer publishes one point a minute; a point's timestamp is the beginning of its minute.
const PERIOD_SECONDS: i32 = 60;

/// The names by which CloudWatch knows the target groups and their load balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `targetgroup/NAME/ID` of the environment that was active before the flip.
    pub old: String,
    /// `targetgroup/NAME/ID` of the released environment.
    pub new: String,
    /// `app/NAME/ID`
    pub load_balancer: String,
}

/// The time that is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Where the baseline begins.
    pub from: Time,
    pub flipped_at: Time,
    pub now: Time,
}

/// The part of an ARN that CloudWatch uses as a dimension: what follows the last colon, without `loadbalancer/`.
pub fn dimension(arn: &str) -> String {
    let tail = arn.rsplit(':').next().unwrap_or(arn);
    tail.strip_prefix("loadbalancer/")
        .unwrap_or(tail)
        .to_owned()
}

/// Reads every series until `now`; the open minute counts as well.
pub async fn read(client: &Client, names: &Names, times: Times) -> Result<Metrics, Error> {
    let seconds = |time: Time| DateTime::from_secs(time.timestamp());
    let mut pages = client
        .get_metric_data()
        .set_metric_data_queries(Some(SERIES.iter().map(|it| query(it, names)).collect()))
        .start_time(seconds(minute_of(times.from)))
        // The end is exclusive.
        .end_time(seconds(times.now + chrono::TimeDelta::minutes(1)))
        .scan_by(ScanBy::TimestampAscending)
        .into_paginator()
        .send();
    let mut found = Points::default();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Error::from_sdk("cloudwatch:GetMetricData", error))?;
        for result in page.metric_data_results() {
            found.add(result, minute_of(times.flipped_at))?;
        }
    }
    found.whole()
}

/// What the pages told so far.
#[derive(Default)]
struct Points {
    old: BTreeMap<Time, Minute>,
    new: BTreeMap<Time, Minute>,
    /// The latest word on each series: partial data is complete once its last page says so.
    status: BTreeMap<&'static str, StatusCode>,
}

impl Points {
    fn add(&mut self, result: &MetricDataResult, flip: Time) -> Result<(), Error> {
        let Some(series) = SERIES.iter().find(|it| Some(it.id) == result.id()) else {
            return Ok(());
        };
        let status = result.status_code().unwrap_or(&StatusCode::Complete);
        self.status.insert(series.id, status.clone());
        for (at, value) in points(result)? {
            let side = match series.side {
                Side::Old => &mut self.old,
                Side::LoadBalancer if at < flip => &mut self.old,
                Side::New | Side::LoadBalancer => &mut self.new,
            };
            let minute = side.entry(at).or_insert_with(|| Minute::new(at));
            *(series.field)(minute) = Some(value);
        }
        Ok(())
    }

    /// Errors of the baseline that are missing would look like errors of the release, so nothing is made of the rest.
    fn whole(self) -> Result<Metrics, Error> {
        let mut gaps = Vec::new();
        for series in &SERIES {
            let status = self.status.get(series.id).map(StatusCode::as_str);
            if status == Some(StatusCode::Complete.as_str()) {
                continue;
            }
            let gap = format!(
                "cloudwatch:GetMetricData answered {} for the series {}",
                status.unwrap_or("nothing"),
                series.id
            );
            if series.explains {
                return Err(Error::AwsUnavailable(gap));
            }
            gaps.push(gap);
        }
        Ok(Metrics {
            old: self.old.into_values().collect(),
            new: self.new.into_values().collect(),
            gaps,
        })
    }
}

/// The points of a series, each with its minute.
fn points(result: &MetricDataResult) -> Result<Vec<(Time, f64)>, Error> {
    let (times, values) = (result.timestamps(), result.values());
    let usual = |value: &f64| value.is_finite() && *value >= 0.0;
    if times.len() != values.len() || !values.iter().all(usual) {
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

fn query(series: &Series, names: &Names) -> MetricDataQuery {
    let target_group = match series.side {
        Side::Old => Some(&names.old),
        Side::New => Some(&names.new),
        Side::LoadBalancer => None,
    };
    let dimension = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let metric = Metric::builder()
        .namespace("AWS/ApplicationELB")
        .metric_name(series.metric)
        .dimensions(dimension("LoadBalancer", &names.load_balancer));
    let metric = match target_group {
        Some(group) => metric.dimensions(dimension("TargetGroup", group)),
        None => metric,
    };
    let stat = MetricStat::builder()
        .metric(metric.build())
        .period(PERIOD_SECONDS)
        .stat(series.stat);
    MetricDataQuery::builder()
        .id(series.id)
        .metric_stat(stat.build())
        .return_data(true)
        .build()
}

#[cfg(test)]
#[path = "metrics_tests.rs"]
mod tests;
