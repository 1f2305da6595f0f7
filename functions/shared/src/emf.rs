//! The project's own metrics, in CloudWatch's embedded metric format: a line of JSON on standard output, of which
//! CloudWatch makes metrics. That needs no call and no permission.
//!
//! A document is the whole line: CloudWatch reads nothing that stands inside of another object. So it does not go through
//! `tracing`. `level` and `timestamp` are the fields by which Lambda filters and dates a line of JSON.

use crate::Time;
use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "BlueGreen";

/// The one dimension: the service's name.
pub const DIMENSION: &str = "Service";

macro_rules! metrics {
    ($($(#[$doc:meta])+ $name:ident: $unit:literal,)+) => {
        /// A metric of a service.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Metric {
            $($(#[$doc])+ $name,)+
        }

        impl Metric {
            pub const ALL: &[Metric] = &[$(Metric::$name,)+];

            /// Its name in CloudWatch.
            pub fn name(self) -> &'static str {
                match self {
                    $(Metric::$name => stringify!($name),)+
                }
            }

            /// Its unit, in CloudWatch's words.
            pub fn unit(self) -> &'static str {
                match self {
                    $(Metric::$name => $unit,)+
                }
            }
        }
    };
}

metrics! {
    /// Releases that got traffic: their first flip began.
    FlipBegun: "Count",
    /// Releases whose flip back began: each had traffic, and is counted once.
    FlipBackBegun: "Count",
    /// Releases that ended stable.
    Released: "Count",
    /// Releases that ended before they had traffic.
    Failed: "Count",
    /// Releases that were flipped back before they had ended.
    RolledBack: "Count",
    /// Releases that were flipped back after they had ended.
    RolledBackLater: "Count",
    /// Releases that ended while they had traffic, and were neither stable nor flipped back.
    NotFlippedBack: "Count",
    /// From the push, or from the request, until the release has all of the traffic.
    PushToTraffic: "Seconds",
    /// From the lease of a flip until every rule was read back.
    FlipTime: "Milliseconds",
    /// The same for a flip back.
    FlipBackTime: "Milliseconds",
    /// From the first flip to the beginning of the flip back, of a release that has not ended.
    TimeToDetect: "Seconds",
    /// From the first flip to the end of the flip back. After the release has ended: from its beginning, since nobody knows
    /// since when the release is bad.
    TimeToRestore: "Seconds",
    /// Steps of a watch that ended healthy.
    VerdictHealthy: "Count",
    /// Steps that ended without a verdict.
    VerdictInconclusive: "Count",
    /// Steps that ended unhealthy.
    VerdictUnhealthy: "Count",
    /// Requests of the new environment by which a step was judged, at its end.
    VerdictRequests: "Count",
    /// How many of them were answered by a target with 5xx.
    VerdictErrorPercent: "Percent",
    /// From the flip to the step's share until its end.
    VerdictTime: "Seconds",
}

/// The name of the service, once [`start`] has said it.
static SERVICE: OnceLock<String> = OnceLock::new();

/// Starts writing metrics for this service. Only `main` does, as with logging: tests write none.
pub fn start(service: String) {
    SERVICE.get_or_init(|| service);
}

/// Writes measurements, with what they are about: fields for whoever reads the log. Nothing where nothing was measured.
///
/// A process that dies between what it did and this line leaves no metric of it.
#[expect(
    clippy::print_stdout,
    reason = "CloudWatch reads metrics from standard output"
)]
pub fn emit(at: Time, measured: &[(Metric, f64)], about: &impl Serialize) {
    if let Some(service) = SERVICE.get()
        && !measured.is_empty()
    {
        println!("{}", document(service, at, measured, about));
    }
}

/// The line for measurements of a service. The fields of `about` stand beside them, and replace none of them.
pub fn document(
    service: &str,
    at: Time,
    measured: &[(Metric, f64)],
    about: &impl Serialize,
) -> Value {
    let metrics = measured
        .iter()
        .map(|(metric, _)| json!({"Name": metric.name(), "Unit": metric.unit()}));
    let values = measured
        .iter()
        .map(|(metric, value)| (metric.name().to_owned(), json!(value)));
    let mut document = match serde_json::to_value(about) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => Map::new(),
    };
    document.extend(values);
    document.insert(DIMENSION.to_owned(), json!(service));
    let timestamp = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    document.insert("timestamp".to_owned(), json!(timestamp));
    document.insert("level".to_owned(), json!("INFO"));
    let directive = json!({
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": metrics.collect::<Vec<_>>(),
    });
    let metadata = json!({"Timestamp": at.timestamp_millis(), "CloudWatchMetrics": [directive]});
    document.insert("_aws".to_owned(), metadata);
    Value::Object(document)
}

#[cfg(test)]
#[path = "emf_tests.rs"]
mod tests;
