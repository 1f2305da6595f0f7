//! Requests that meet a release whose execution has ended without its own end.

use super::asking::{ask_for, context, plan_of, writes};
use super::aws::splitting;
use super::contracts::{contract, expanded};
use super::records::{held_by, noon, stable, watching_a_share};
use super::registry::images;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_sfn::types::ExecutionStatus::{Aborted, Running};
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;
use record::{Phase, Record, Store};
use serde_json::{Value, json};
use shared::WhenStopped::{self, FlipBack, Leave};

/// The answer to a request that finds `old` aborted, and how often detect writes.
async fn asked(record: Record, when_stopped: WhenStopped, request: Value) -> (Answer, usize) {
    let write = writes();
    let is_split = record.release.as_ref().is_some_and(|it| it.share.is_some());
    let mut context = context(record, &write, &images(1), Aborted);
    context.when_stopped = when_stopped;
    if is_split {
        context.observer.elb = splitting(10);
    }
    (ask_for(&context, request).await, write.num_calls())
}

fn in_phase(phase: Phase) -> Record {
    let mut record = held_by("old");
    let release = record.release.as_mut().expect("a release");
    (release.phase, release.share_since) = (phase, Some(noon()));
    record
}

fn found(record: &Record) -> GetItemOutput {
    let item = serde_dynamo::aws_sdk_dynamodb_1::to_item(record).expect("an item");
    GetItemOutput::builder().set_item(Some(item)).build()
}

#[tokio::test]
async fn what_an_execution_has_left_is_flipped_back_before_anything_begins() {
    let says = |phase| format!("old has ended without an end of release old ({phase})");
    for (record, phase) in [
        (watching_a_share(), "watching at 10 %"),
        (in_phase(Phase::Watching), "watching"),
        (in_phase(Phase::Flipping), "flipping"),
        (in_phase(Phase::RollingBack), "rolling back"),
    ] {
        for request in [
            json!({"tag": "v1.1.0"}),
            json!({"action": "sync"}),
            contract(),
        ] {
            let expect = Answer::EndStopped {
                reason: says(phase),
                seconds: 1,
            };
            let answer = asked(record.clone(), FlipBack, request.clone()).await;
            assert_eq!(answer, (expect, 0), "{request}");
        }
    }
}

/// The record is read while the image is looked up, and that may take longer than the rest of a release.
#[tokio::test]
async fn a_holder_that_has_ended_as_it_should_meanwhile_has_left_nothing() {
    let reads = mock!(aws_sdk_dynamodb::Client::get_item)
        .sequence()
        .output(|| found(&in_phase(Phase::Watching)))
        .output(|| found(&stable()))
        .build();
    let write = writes();
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&reads, &write]);
    let mut context = context(stable(), &write, &images(1), Aborted);
    context.store = Store::new(table, "releases".to_owned(), "shop".to_owned());
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!((reads.num_calls(), write.num_calls()), (2, 1));
}

#[tokio::test]
async fn what_has_moved_no_traffic_is_taken_over() {
    for phase in [Phase::Deploying, Phase::RolledBack, Phase::Stable] {
        let (answer, _) = asked(in_phase(phase), FlipBack, json!({"tag": "v1.1.0"})).await;
        assert!(
            matches!(answer, Answer::Release { .. }),
            "{phase}: {answer:?}"
        );
    }
}

/// Its execution may have been stopped to keep the release.
#[tokio::test]
async fn what_an_earlier_version_has_flipped_is_taken_over() {
    let mut old = in_phase(Phase::Watching);
    old.release.as_mut().expect("a release").share_since = None;
    let (answer, _) = asked(old, FlipBack, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_preview_says_that_it_would_be_flipped_back_first() {
    for (request, expect) in [
        (json!({"tag": "v1.1.0"}), PreviewedAction::Release),
        (json!({"action": "sync"}), PreviewedAction::Sync),
        (contract(), PreviewedAction::Contract),
    ] {
        let (answer, writes) = asked(watching_a_share(), FlipBack, plan_of(&request)).await;
        let Answer::Preview {
            would,
            reason,
            plan,
            ..
        } = answer
        else {
            panic!("no preview: {answer:?}")
        };
        assert_eq!((would, plan, writes), (expect, None, 0));
        assert!(
            reason.contains("would be flipped back first; which environment"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn where_traffic_is_left_the_live_rule_decides_and_a_split_needs_a_rollback() {
    let (answer, _) = asked(in_phase(Phase::Watching), Leave, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    let left = || Record {
        expands: expanded(2).expands,
        ..watching_a_share()
    };
    let closed = Record {
        holder: None,
        ..left()
    };
    for (record, before) in [
        (left(), "if its execution was stopped, send"),
        (closed, "No execution watches it any more: send"),
    ] {
        for request in [
            json!({"tag": "v1.1.0"}),
            json!({"action": "sync"}),
            contract(),
        ] {
            let (answer, _) = asked(record.clone(), Leave, request).await;
            let Answer::Refuse { reason, .. } = answer else {
                panic!("not refused: {answer:?}")
            };
            let expect = format!(
                "{before} {{\"action\": \"rollback\"}}, which flips all of it back to blue, and request this again."
            );
            assert!(reason.as_str().ends_with(&expect), "{reason}");
            let whose = "release old (watching at 10 %) splits the traffic";
            assert!(reason.as_str().starts_with(whose), "{reason}");
        }
    }
}

#[tokio::test]
async fn a_split_that_was_left_is_reported_as_drift() {
    let closed = Record {
        holder: None,
        ..watching_a_share()
    };
    let (answer, _) = asked(closed, FlipBack, json!({"action": "report-drift"})).await;
    let Answer::Drifted { reason, .. } = answer else {
        panic!("no drift: {answer:?}")
    };
    assert!(
        reason.starts_with("release old (watching at 10 %) splits the traffic"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_running_execution_is_waited_for_whatever_its_share() {
    let context = context(watching_a_share(), &writes(), &images(1), Running);
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Wait { .. }), "{answer:?}");
}
