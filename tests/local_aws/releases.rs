//! Whole releases on the local AWS: every scenario of the rehearsal, each in an account of its own.

use crate::common::{self, execute, on_a_stage, on_the_local_aws, put, tells_of_every_request};
use chrono::Utc;
use rehearsal::relay::{deliver, image_action};
use rehearsal::scenario::Scenario;
use rehearsal::show::Show;
use rehearsal::stage::{FIRST, Stage};
use serde_json::json;
use std::sync::Arc;

fn run(scenario: Scenario) {
    let report = on_the_local_aws(common::run(scenario, &Show::new()));
    let report = report.expect("a report");
    assert!(report.passed(), "{}", report.lines().join("\n"));
    tells_of_every_request(&report);
}

#[test]
fn a_pushed_image_is_released_without_one_failed_request() {
    run(Scenario::Good);
}

#[test]
fn an_image_that_is_live_is_nothing_to_release() {
    run(Scenario::AlreadyLive);
}

#[test]
fn tasks_that_end_at_their_start_never_get_traffic() {
    run(Scenario::CrashLoop);
}

#[test]
fn tasks_that_report_unhealthy_never_get_traffic() {
    run(Scenario::Unhealthy);
}

#[test]
fn tasks_that_fail_the_smoke_test_never_get_traffic() {
    run(Scenario::SmokeFails);
}

#[test]
fn a_version_that_breaks_under_traffic_is_flipped_back_by_its_probes() {
    run(Scenario::BreaksUnderTraffic);
}

#[test]
fn a_version_that_breaks_where_no_probe_looks_is_flipped_back_by_its_metrics() {
    run(Scenario::ErrorsAfterFlip);
}

#[test]
fn a_sync_brings_idle_to_what_is_live() {
    run(Scenario::Sync);
}

#[test]
fn a_schema_is_expanded_and_contracted_without_one_failed_request() {
    run(Scenario::Migration);
}

#[test]
fn an_alarm_alone_flips_back() {
    run(Scenario::Alarm);
}

#[test]
fn an_operator_flips_back_after_a_release() {
    run(Scenario::ManualRollback);
}

#[test]
fn a_stack_as_people_have_it_is_released_and_flipped_back_as_a_whole() {
    run(Scenario::RealStack);
}

#[test]
fn a_wiring_that_leaves_no_flip_back_is_refused_with_its_remedy() {
    run(Scenario::RefusedWiring);
}

#[test]
fn an_image_whose_scan_ends_badly_never_gets_traffic() {
    run(Scenario::ScanRefused);
}

#[test]
fn an_image_that_nobody_signed_touches_nothing() {
    run(Scenario::Unsigned);
}

#[test]
fn a_verifier_of_ones_own_lets_an_image_in_or_not() {
    run(Scenario::Verifier);
}

#[test]
fn a_release_waits_for_an_approval() {
    run(Scenario::Approve);
}

#[test]
fn a_release_is_held_and_goes_on() {
    run(Scenario::Hold);
}

#[test]
fn a_person_ends_each_watch_of_a_release() {
    run(Scenario::Finish);
}

#[test]
fn a_frozen_service_holds_pushes_back() {
    run(Scenario::Freeze);
}

#[test]
fn a_person_stops_a_release() {
    run(Scenario::Stop);
}

#[test]
fn a_request_that_cannot_be_used_is_refused_and_touches_nothing() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        for (input, reason) in [
            (json!({"images": "shop:v1"}), "Accepted forms"),
            (
                json!({"tag": "v9.9.9"}),
                "tag v9.9.9 does not exist in repository shop",
            ),
            (json!({"action": "rollback"}), "nothing to roll back"),
        ] {
            let end = execute(&stage, input).await?;
            assert_eq!(end.error, "ReleaseRefused", "{end:?}");
            assert!(end.cause.contains(reason), "{end:?}");
            let touched = end.states.iter().any(|it| it == "Register task definition");
            assert!(!touched, "{end:?}");
        }
        Ok(())
    });
}

#[test]
fn the_deployed_rule_starts_a_release_for_tagged_pushes_only() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let digest = put(&stage, FIRST).await?;
        let good = image_action(&stage, &digest, Some(FIRST), Utc::now());
        let with = |pointer: &str, value: &str| {
            let mut event = good.clone();
            *event.pointer_mut(pointer).expect("a field") = json!(value);
            event
        };
        let untagged = image_action(&stage, &digest, None, Utc::now());
        for event in [
            untagged,
            with("/detail/image-tag", &digest.replace("sha256:", "sha256-")),
            with("/detail/action-type", "DELETE"),
            with("/detail/result", "FAILURE"),
            with("/detail/repository-name", "other"),
            with("/source", "my.own"),
        ] {
            assert_eq!(deliver(&stage, &event).await?, None, "{event}");
        }
        let mut replicated = with("/detail-type", "ECR Replication Action");
        replicated["detail"]["action-type"] = json!("REPLICATE");
        for event in [&good, &replicated] {
            assert!(deliver(&stage, event).await?.is_some(), "{event}");
        }
        Ok(())
    });
}
