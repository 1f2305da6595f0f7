//! Whole releases on the local AWS: every scenario of the rehearsal, each in an account of its own.

use boundary_tests::{on_the_local_aws, stage, stage_with};
use rehearsal::follow::{End, Follow};
use rehearsal::relay::{deliver, image_action};
use rehearsal::scenario::Scenario;
use rehearsal::show::Show;
use rehearsal::stage::{FIRST, Stage};
use serde_json::{Value, json};
use std::sync::Arc;

fn tell(scenario: Scenario) {
    on_the_local_aws(async {
        let stage = stage_with(scenario.parameters()).await;
        let report = scenario.run(&stage, &Show::new()).await.expect("a report");
        assert!(report.passed(), "{}", report.lines().join("\n"));
    });
}

#[test]
fn a_pushed_image_is_released_without_one_failed_request() {
    tell(Scenario::Good);
}

#[test]
fn an_image_that_is_live_is_nothing_to_release() {
    tell(Scenario::AlreadyLive);
}

#[test]
fn tasks_that_end_at_their_start_never_get_traffic() {
    tell(Scenario::CrashLoop);
}

#[test]
fn tasks_that_say_they_are_unhealthy_never_get_traffic() {
    tell(Scenario::Unhealthy);
}

#[test]
fn tasks_that_fail_the_smoke_test_never_get_traffic() {
    tell(Scenario::SmokeFails);
}

#[test]
fn a_version_that_breaks_under_traffic_is_flipped_back_by_its_probes() {
    tell(Scenario::BreaksUnderTraffic);
}

#[test]
fn a_version_that_breaks_where_no_probe_looks_is_flipped_back_by_its_metrics() {
    tell(Scenario::ErrorsAfterFlip);
}

#[test]
fn a_sync_brings_idle_to_what_is_live() {
    tell(Scenario::Sync);
}

#[test]
fn a_schema_is_expanded_and_contracted_without_one_failed_request() {
    tell(Scenario::Migration);
}

#[test]
fn an_alarm_alone_flips_back() {
    tell(Scenario::Alarm);
}

#[test]
fn an_operator_returns_traffic_after_a_release() {
    tell(Scenario::ManualRollback);
}

/// Starts the machine as an operator would, and follows it to its end.
async fn request(stage: &Arc<Stage>, input: Value) -> End {
    let machine = stage.output("StateMachineArn").expect("a machine");
    let call = stage
        .aws
        .sfn()
        .start_execution()
        .state_machine_arn(machine)
        .input(input.to_string());
    let arn = call.send().await.expect("an execution").execution_arn;
    Follow::new(stage, arn).quiet_end().await.expect("an end")
}

#[test]
fn a_request_that_cannot_be_used_is_refused_and_touches_nothing() {
    on_the_local_aws(async {
        let stage = stage().await;
        for (input, told) in [
            (json!({"images": "shop:v1"}), "Accepted forms"),
            (
                json!({"tag": "v9.9.9"}),
                "tag v9.9.9 does not exist in repository shop",
            ),
            (json!({"action": "rollback"}), "nothing to roll back"),
        ] {
            let end = request(&stage, input).await;
            assert_eq!(end.error, "ReleaseRefused", "{end:?}");
            assert!(end.cause.contains(told), "{end:?}");
            assert!(
                !end.states
                    .iter()
                    .any(|state| state == "Register task definition"),
                "{end:?}"
            );
        }
    });
}

#[test]
fn the_deployed_rule_starts_a_release_for_tagged_pushes_only() {
    on_the_local_aws(async {
        let stage = stage().await;
        let digest = stage
            .registry
            .push(&stage.aws, "shop", FIRST)
            .await
            .expect("a push");
        let good = image_action(&stage, &digest, Some(FIRST), chrono::Utc::now());
        let with = |pointer: &str, value: &str| {
            let mut event = good.clone();
            *event.pointer_mut(pointer).expect("a field") = json!(value);
            event
        };
        let untagged = image_action(&stage, &digest, None, chrono::Utc::now());
        for event in [
            untagged,
            with("/detail/image-tag", &digest.replace("sha256:", "sha256-")),
            with("/detail/action-type", "DELETE"),
            with("/detail/result", "FAILURE"),
            with("/detail/repository-name", "other"),
            with("/source", "my.own"),
        ] {
            assert_eq!(
                deliver(&stage, &event).await.expect("delivered"),
                None,
                "{event}"
            );
        }
        assert!(deliver(&stage, &good).await.expect("delivered").is_some());
    });
}
