//! The series that a verdict is made of (source: "CloudWatch metrics for your Application Load Balancer").

use crate::seen::Minute;

/// Whose points they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The target group of the environment that was active before the flip.
    Old,
    /// The target group of the released environment.
    New,
    /// The whole load balancer: the metric has no target group.
    LoadBalancer,
}

/// One series of points.
pub struct Series {
    pub id: &'static str,
    pub side: Side,
    pub metric: &'static str,
    pub stat: &'static str,
    /// Where a minute keeps its point.
    pub field: fn(&mut Minute) -> &mut Option<f64>,
    /// Its errors before the flip explain those after it.
    pub explains: bool,
}

const fn series(
    id: &'static str,
    side: Side,
    (metric, stat): (&'static str, &'static str),
    field: fn(&mut Minute) -> &mut Option<f64>,
) -> Series {
    Series {
        id,
        side,
        metric,
        stat,
        field,
        explains: false,
    }
}

const fn explaining(it: Series) -> Series {
    Series {
        explains: true,
        ..it
    }
}

const REQUESTS: (&str, &str) = ("RequestCount", "Sum");
const TARGET_5XX: (&str, &str) = ("HTTPCode_Target_5XX_Count", "Sum");
const CONNECTION_ERRORS: (&str, &str) = ("TargetConnectionErrorCount", "Sum");
const LOAD_BALANCER_5XX: (&str, &str) = ("HTTPCode_ELB_5XX_Count", "Sum");
const P50: (&str, &str) = ("TargetResponseTime", "p50");
const P99: (&str, &str) = ("TargetResponseTime", "p99");
const HEALTHY: (&str, &str) = ("HealthyHostCount", "Minimum");
const UNHEALTHY: (&str, &str) = ("UnHealthyHostCount", "Maximum");

/// All of them are asked for at once, in one call.
pub const SERIES: [Series; 13] = [
    series("old_requests", Side::Old, REQUESTS, |it| &mut it.requests),
    explaining(series("old_target_5xx", Side::Old, TARGET_5XX, |it| {
        &mut it.target_5xx
    })),
    explaining(series(
        "old_connection_errors",
        Side::Old,
        CONNECTION_ERRORS,
        |it| &mut it.connection_errors,
    )),
    series("old_p50", Side::Old, P50, |it| &mut it.p50_seconds),
    series("old_p99", Side::Old, P99, |it| &mut it.p99_seconds),
    explaining(series(
        "load_balancer_5xx",
        Side::LoadBalancer,
        LOAD_BALANCER_5XX,
        |it| &mut it.load_balancer_5xx,
    )),
    series("new_requests", Side::New, REQUESTS, |it| &mut it.requests),
    series("new_target_5xx", Side::New, TARGET_5XX, |it| {
        &mut it.target_5xx
    }),
    series(
        "new_connection_errors",
        Side::New,
        CONNECTION_ERRORS,
        |it| &mut it.connection_errors,
    ),
    series("new_p50", Side::New, P50, |it| &mut it.p50_seconds),
    series("new_p99", Side::New, P99, |it| &mut it.p99_seconds),
    series("new_healthy_hosts", Side::New, HEALTHY, |it| {
        &mut it.healthy_hosts
    }),
    series("new_unhealthy_hosts", Side::New, UNHEALTHY, |it| {
        &mut it.unhealthy_hosts
    }),
];
