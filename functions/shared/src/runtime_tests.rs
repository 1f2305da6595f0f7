//! The tests of `runtime.rs`.

use super::*;
use aws_sdk_ecs::Client;
use fixtures::{Log, json_answer, wire_client};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Two tasks, as a function's enum has them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Task {
    Finish { outcome: Outcome },
    Look {},
}

#[derive(Debug, Deserialize)]
struct Outcome {
    count: i32,
}

#[test]
fn a_task_is_read_and_a_wrong_field_is_named_by_its_path() {
    let task = json!({"action": "finish", "outcome": {"count": 1}, "more": null});
    assert!(matches!(read_task(task), Ok(Task::Finish { outcome }) if outcome.count == 1));
    assert!(matches!(
        read_task(json!({"action": "look"})),
        Ok(Task::Look {})
    ));
    let refused = |input: Value, expect: &str| {
        let error = read_task::<Task>(input).expect_err("not a task");
        assert_eq!(error.name(), "InvalidInput");
        assert!(error.to_string().contains(expect), "{error}");
    };
    refused(
        json!({"action": "finish", "outcome": {"count": "1"}}),
        "finish.outcome.count: invalid type: string \"1\", expected i32",
    );
    refused(
        json!({"action": "finish", "outcome": {}}),
        "finish.outcome: missing field `count`",
    );
    refused(json!({"action": "toggle"}), "unknown variant `toggle`");
    refused(json!({"action": 1}), "action: expected text, found 1");
    refused(json!([]), "expected an object with an action");
}

#[test]
fn a_wrong_value_of_any_length_is_told_shortly() {
    let long = json!({"action": "finish", "outcome": {"count": "x".repeat(200_000)}});
    let error = read_task::<Task>(long).expect_err("no number").to_string();
    assert!(
        error.len() < 600 && error.contains("expected i32"),
        "{error}"
    );
}

/// What is logged while ECS is told a secret and tells one.
async fn logged(logging: impl Subscriber + Send + Sync + 'static) {
    let _logging = tracing::subscriber::set_default(logging);
    tracing::trace!("asking ECS");
    let ecs: Client = wire_client!(aws_sdk_ecs, |_: &str, _| {
        json_answer(200, &json!({"taskDefinition": {"family": "s3cret"}}))
    });
    let call = ecs.describe_task_definition().task_definition("s3cret");
    let output = call.send().await.expect("an answer");
    assert!(output.task_definition.is_some());
}

#[tokio::test]
async fn libraries_log_no_bodies_at_whatever_level() {
    for level in [Level::TRACE, Level::DEBUG, Level::INFO] {
        let log = Log::default();
        logged(subscriber(level, log.sink())).await;
        let text = log.text();
        assert!(!text.contains("s3cret"), "{level}: {text}");
        assert_eq!(text.contains("asking ECS"), level == Level::TRACE);
    }
}

#[tokio::test]
async fn without_the_filter_the_sdk_logs_what_it_sends_and_gets() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt().with_max_level(Level::TRACE);
    logged(lines.with_writer(log.sink()).finish()).await;
    assert!(log.text().matches("s3cret").count() > 1);
}

#[test]
fn every_crate_of_the_functions_logs_at_the_level() {
    let functions = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = functions.read_dir().expect("a folder");
    let names = folders.map(|it| it.expect("an entry").file_name());
    let names = names.map(|it| it.to_string_lossy().replace('-', "_"));
    let names: BTreeSet<String> = names.collect();
    let ours: BTreeSet<String> = OUR_CRATES.map(str::to_owned).into();
    assert_eq!(names, ours);
}
