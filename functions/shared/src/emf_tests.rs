//! The tests of `emf.rs`: the rules are those of CloudWatch's specification of the embedded metric format.

use super::*;
use chrono::DateTime;

/// The units that `MetricDatum` of CloudWatch's API knows.
const UNITS: [&str; 5] = ["Seconds", "Milliseconds", "Percent", "Count", "None"];

/// Metrics of one directive; a larger one is refused.
const METRICS_MAX: usize = 100;

/// Bytes of an event of CloudWatch Logs: 1 MB.
const EVENT_MAX: usize = 1_048_576;

fn at() -> Time {
    DateTime::from_timestamp_millis(1_800_000_000_250).expect("a valid time")
}

fn every_metric() -> Vec<(Metric, f64)> {
    let values = (0..).map(|it| f64::from(it) + 0.5);
    Metric::ALL.iter().copied().zip(values).collect()
}

#[test]
fn a_document_is_as_cloudwatch_reads_it() {
    let measured = every_metric();
    let document = document("shop", at(), &measured, &json!({"release": "r1"}));
    let metadata = &document["_aws"];
    assert_eq!(metadata["Timestamp"], 1_800_000_000_250_i64);
    let directives = metadata["CloudWatchMetrics"].as_array().expect("a list");
    let [directive] = directives.as_slice() else {
        panic!("one directive: {directives:?}")
    };
    assert_eq!(directive["Namespace"], "BlueGreen");
    // A list of sets of dimensions; each name is a member of the root, with a text.
    assert_eq!(directive["Dimensions"], json!([["Service"]]));
    assert_eq!(document["Service"], "shop");
    let metrics = directive["Metrics"].as_array().expect("a list");
    assert!(metrics.len() == measured.len() && metrics.len() <= METRICS_MAX);
    for (it, (metric, value)) in metrics.iter().zip(&measured) {
        assert_eq!(it, &json!({"Name": metric.name(), "Unit": metric.unit()}));
        assert_eq!(document[metric.name()].as_f64(), Some(*value));
    }
    assert_eq!(document["release"], "r1");
}

#[test]
fn every_metric_has_a_name_and_a_unit_of_cloudwatchs() {
    let mut names: Vec<_> = Metric::ALL.iter().map(|it| it.name()).collect();
    names.dedup();
    assert_eq!(names.len(), Metric::ALL.len());
    for metric in Metric::ALL {
        let name = metric.name();
        assert!(
            name.len() <= 255 && name.chars().all(|it| it.is_ascii_alphabetic()),
            "{name}"
        );
        assert!(UNITS.contains(&metric.unit()), "{name}: {}", metric.unit());
        assert!(!["Service", "level", "timestamp", "_aws"].contains(&name));
    }
    let valid = |it: char| it.is_ascii_alphanumeric() || ".-_/#".contains(it);
    assert!(NAMESPACE.chars().all(valid) && !NAMESPACE.starts_with("AWS/"));
}

/// Lambda keeps a line of JSON as it is, filters it by `level`, and dates it by `timestamp`.
#[test]
fn a_document_is_one_line_that_lambda_passes_on() {
    let reason = "a \"quote\"\nand a line";
    let text = document("shop", at(), &every_metric(), &json!({"reason": reason})).to_string();
    assert!(
        !text.contains('\n') && text.len() < EVENT_MAX,
        "{}",
        text.len()
    );
    let read: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(read["level"], "INFO");
    let dated = read["timestamp"].as_str().map(DateTime::parse_from_rfc3339);
    assert_eq!(dated.expect("a text").expect("RFC 3339"), at());
}

#[test]
fn what_it_is_about_replaces_no_measurement() {
    let about = json!({"Released": "no", "Service": "no", "_aws": "no", "level": "no"});
    let document = document("shop", at(), &[(Metric::Released, 1.0)], &about);
    assert_eq!(
        (&document["Released"], &document["Service"]),
        (&json!(1.0), &json!("shop"))
    );
    assert!(document["_aws"].is_object());
}
