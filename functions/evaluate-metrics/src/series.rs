//! The series that a verdict is made of (source: "CloudWatch metrics for your Application Load Balancer").

use crate::snapshot::MinuteMetrics;
use MetricSource::{LoadBalancer, NewTargetGroup, PreviousTargetGroup};

/// Whose points a series holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MetricSource {
    /// The target group of the environment that was active before the flip.
    PreviousTargetGroup,
    /// The target group of the released environment.
    NewTargetGroup,
    /// The whole load balancer: the metric has no target group.
    LoadBalancer,
}

/// A metric of the load balancer, its statistic, and where a minute keeps its point.
pub(crate) type Metric = (&'static str, &'static str, Field);

pub(crate) type Field = fn(&mut MinuteMetrics) -> &mut Option<f64>;

/// One series of points.
pub(crate) struct Series {
    /// The id of the query; CloudWatch's answer repeats it.
    pub(crate) id: &'static str,
    pub(crate) source: MetricSource,
    pub(crate) metric: Metric,
    /// It counts errors of the baseline: without it, usual errors would look like errors of the release.
    pub(crate) counts_baseline_errors: bool,
}

const fn series(id: &'static str, source: MetricSource, metric: Metric) -> Series {
    Series {
        id,
        source,
        metric,
        counts_baseline_errors: false,
    }
}

const fn baseline_errors(id: &'static str, source: MetricSource, metric: Metric) -> Series {
    Series {
        counts_baseline_errors: true,
        ..series(id, source, metric)
    }
}

const REQUESTS: Metric = ("RequestCount", "Sum", |m| &mut m.requests);
const TARGET_5XX: Metric = ("HTTPCode_Target_5XX_Count", "Sum", |m| &mut m.target_5xx);
const CONNECTION_ERRORS: Metric = ("TargetConnectionErrorCount", "Sum", |m| {
    &mut m.connection_errors
});
const LOAD_BALANCER_5XX: Metric = ("HTTPCode_ELB_5XX_Count", "Sum", |m| {
    &mut m.load_balancer_5xx
});
const P50: Metric = ("TargetResponseTime", "p50", |m| &mut m.p50_seconds);
const P99: Metric = ("TargetResponseTime", "p99", |m| &mut m.p99_seconds);
const HEALTHY: Metric = ("HealthyHostCount", "Minimum", |m| &mut m.healthy_hosts);
const UNHEALTHY: Metric = ("UnHealthyHostCount", "Maximum", |m| &mut m.unhealthy_hosts);

/// All of them are read in one call.
pub(crate) const SERIES: [Series; 14] = [
    series("previous_requests", PreviousTargetGroup, REQUESTS),
    baseline_errors("previous_target_5xx", PreviousTargetGroup, TARGET_5XX),
    baseline_errors(
        "previous_connection_errors",
        PreviousTargetGroup,
        CONNECTION_ERRORS,
    ),
    series("previous_p50", PreviousTargetGroup, P50),
    series("previous_p99", PreviousTargetGroup, P99),
    series("previous_healthy_hosts", PreviousTargetGroup, HEALTHY),
    baseline_errors("load_balancer_5xx", LoadBalancer, LOAD_BALANCER_5XX),
    series("new_requests", NewTargetGroup, REQUESTS),
    series("new_target_5xx", NewTargetGroup, TARGET_5XX),
    series("new_connection_errors", NewTargetGroup, CONNECTION_ERRORS),
    series("new_p50", NewTargetGroup, P50),
    series("new_p99", NewTargetGroup, P99),
    series("new_healthy_hosts", NewTargetGroup, HEALTHY),
    series("new_unhealthy_hosts", NewTargetGroup, UNHEALTHY),
];
