//! Stops at detect's edge: a stop writes once, and is asked for again until the record is free.

use super::asking::{ask_for, context, writes};
use super::people::{OLD, answered, in_progress, says, word_of};
use super::records::ME;
use super::registry::images;
use super::statuses::{ended, with_history};
use aws_sdk_sfn::types::ExecutionStatus::{Aborted, Running};
use record::{Phase, Record, Release};
use serde_json::json;
use shared::WhenStopped;

/// Aborted executions have ended long ago.
#[tokio::test]
async fn a_stop_writes_once_stops_the_execution_and_ends_when_the_record_is_free() {
    let stopped_by = |execution: &str, phase| {
        let mut record = in_progress(phase);
        record.release.as_mut().expect("a release").stop = Some(word_of(execution));
        record
    };
    let (answer, writes) = answered(in_progress(Phase::Watching), Running, says("stop")).await;
    let reason = "release old was stopped by ana: looks good";
    let stop = json!({"decision": "stop", "release": "old", "reason": reason, "seconds": 1});
    assert_eq!((answer, writes), (stop.clone(), 1));
    for (phase, holder) in [
        (Phase::Watching, Running),
        (Phase::Watching, Aborted),
        (Phase::Deploying, Aborted),
    ] {
        let answer = answered(stopped_by(ME, phase), holder, says("stop")).await;
        assert_eq!(answer, (stop.clone(), 0), "{phase}");
    }
    for (execution, before) in [(ME, false), ("arn:other", true)] {
        let free = Record {
            holder: None,
            ..stopped_by(execution, Phase::RolledBack)
        };
        let (answer, writes) = answered(free, Running, says("stop")).await;
        let expect = json!({"decision": "decided", "decided": "stopped", "release": "old",
            "reason": "release old was stopped by ana: looks good; it is rolled back", "before": before,
            "heldBack": null, "until": null});
        assert_eq!((answer, writes), (expect, 0));
    }
}

/// Its execution flips it back. To stop that one would leave the release with its traffic for longer.
#[tokio::test]
async fn a_stop_of_what_is_being_flipped_back_lets_its_execution_do_so() {
    let (answer, writes) = answered(in_progress(Phase::RollingBack), Running, says("stop")).await;
    let reason = format!("release old was stopped by ana: looks good, and {OLD} flips it back");
    let found = (&answer["decision"], &answer["reason"], &answer["seconds"]);
    assert_eq!(found, (&json!("wait"), &json!(reason), &json!(15)));
    assert_eq!(writes, 1);
    let (answer, _) = answered(in_progress(Phase::RollingBack), Aborted, says("stop")).await;
    assert_eq!(answer["decision"], "stop");
}

#[tokio::test]
async fn a_stop_with_flip_back_left_to_others_is_still_flipped_back_before_anything_begins() {
    let mut record = in_progress(Phase::Watching);
    record.release.as_mut().expect("a release").stop = Some(word_of("arn:other"));
    let mut context = context(record, &writes(), &images(1), Aborted);
    context.when_stopped = WhenStopped::Leave;
    let answer = json!(ask_for(&context, json!({"tag": "v1.1.0"})).await);
    assert_eq!(answer["decision"], "end-stopped");
}

/// Another release has begun since then.
#[tokio::test]
async fn a_stop_whose_release_is_history_is_told_by_who_has_stopped_it() {
    for (execution, expect) in [(ME, "decided"), ("arn:other", "refuse")] {
        let stopped = Release {
            stop: Some(word_of(execution)),
            ..ended()
        };
        let context = with_history(in_progress(Phase::Watching), &stopped, Running);
        let stop = json!({"action": "stop", "release": "r1", "by": "ana", "reason": "looks good"});
        let answer = json!(ask_for(&context, stop).await);
        assert_eq!(answer["decision"], expect, "{answer}");
    }
}
