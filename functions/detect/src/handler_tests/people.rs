//! What people decide about a release at detect's edge: what is written, and that a word that comes again writes nothing.

use super::asking::{ask_for, context, task, writes};
use super::records::{ME, held_by, noon, watching_a_share};
use super::registry::images;
use crate::handler::handle;
use aws_sdk_sfn::types::ExecutionStatus::{self, Running};
use aws_smithy_mocks::Rule;
use chrono::{TimeDelta, Utc};
use record::{
    Approval, ApprovalBefore, Before, Decision, Gate, GateOutcome, Phase, Record, Release,
};
use serde_json::{Value, json};
use shared::Share;

/// The execution that holds the record for release `old`.
pub const OLD: &str = "arn:aws:states:eu-west-1:1:execution:shop:old";

pub fn word_of(execution: &str) -> Decision {
    Decision {
        execution: execution.into(),
        by: Some("ana".to_owned()),
        reason: "looks good".to_owned(),
        at: noon(),
    }
}

pub fn decided(approved: bool, execution: &str) -> GateOutcome {
    GateOutcome {
        approved,
        decision: Some(word_of(execution)),
        replaced_by: None,
    }
}

/// `OLD` holds the record, and has its release in this phase.
pub fn in_progress(phase: Phase) -> Record {
    let release = watching_a_share().release.map(|release| Release {
        phase,
        share_since: Some(noon() - TimeDelta::minutes(5)),
        ..release
    });
    Record {
        holder: Some(OLD.into()),
        release,
        ..held_by("old")
    }
}

/// It waits at the gate before its first flip.
fn at_gate(outcome: Option<GateOutcome>) -> Record {
    let mut record = in_progress(Phase::Deploying);
    record.gate = Some(Gate {
        release: "old".into(),
        before: Before::Flip(Share::ALL),
        opened_at: noon() - TimeDelta::minutes(1),
        until: Utc::now() + TimeDelta::hours(1),
        command: None,
        outcome,
    });
    record
}

/// The answer as JSON, and how often detect wrote.
pub async fn answered(record: Record, holder: ExecutionStatus, request: Value) -> (Value, usize) {
    let write = writes();
    let context = context(record, &write, &images(1), holder);
    let answer = ask_for(&context, request).await;
    (json!(answer), write.num_calls())
}

pub fn says(action: &str) -> Value {
    json!({"action": action, "release": "old", "by": "ana", "reason": "looks good"})
}

#[tokio::test]
async fn a_gate_is_approved_by_one_write_and_the_same_word_again_writes_nothing() {
    let (answer, writes) = answered(at_gate(None), Running, says("approve")).await;
    let approved = |before| {
        json!({"decision": "decided", "decided": "approved", "release": "old",
            "reason": "flip to 100 % of release old was approved by ana: looks good", "before": before,
            "heldBack": null, "until": null})
    };
    assert_eq!((answer, writes), (approved(false), 1));
    for (execution, before) in [(ME, false), ("arn:other", true)] {
        let outcome = decided(true, execution);
        let (answer, writes) = answered(at_gate(Some(outcome)), Running, says("approve")).await;
        assert_eq!((answer, writes), (approved(before), 0), "{execution}");
    }
}

#[tokio::test]
async fn a_word_that_has_no_effect_is_refused_by_a_name_of_its_own() {
    let approved = decided(true, "arn:other");
    let unknown = json!({"action": "hold", "release": "new"});
    for (record, request) in [
        (at_gate(Some(approved)), says("reject")),
        (in_progress(Phase::Deploying), says("approve")),
        (in_progress(Phase::Deploying), says("finish")),
        (in_progress(Phase::Watching), says("resume")),
        (in_progress(Phase::Watching), unknown),
        (held_by("old"), json!({"action": "hold"})),
        (held_by("old"), json!({"action": "unfreeze"})),
    ] {
        let (answer, writes) = answered(record, Running, request.clone()).await;
        assert_eq!(answer["decision"], "refuse", "{request}: {answer}");
        assert_eq!(answer["error"], "DecisionRefused", "{request}");
        assert_eq!(writes, 0, "{request}");
    }
    let (answer, _) = answered(held_by("old"), Running, json!({"action": "hold_on"})).await;
    assert_eq!(answer["error"], "ReleaseRefused");
}

#[tokio::test]
async fn a_hold_and_a_finish_are_one_write_each_and_say_what_they_do() {
    let write = writes();
    let mut context = context(in_progress(Phase::Watching), &write, &images(1), Running);
    // The word is days old by the clock of this test.
    context.decisions.hold_seconds = u32::MAX;
    let answer = json!(ask_for(&context, says("hold")).await);
    assert_eq!(answer["decided"], "held");
    assert!(answer["until"].is_string(), "{answer}");
    let reason = answer["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("release old is held until 21"),
        "{reason}"
    );
    let answer = json!(ask_for(&context, says("finish")).await);
    assert_eq!(answer["decided"], "finished");
    let expect = "the watch of release old at 10 % was ended by ana: looks good";
    assert_eq!((&answer["reason"], write.num_calls()), (&json!(expect), 2));
}

/// A release of `OLD` whose policy wants its first flip approved.
fn to_be_approved() -> Record {
    let mut record = in_progress(Phase::Deploying);
    let release = record.release.as_mut().expect("a release");
    release.approval = Some(Approval {
        before: vec![ApprovalBefore::Flip],
        seconds: 3600,
        ..Approval::default()
    });
    record
}

async fn heeded(record: Record, write: &Rule) -> Value {
    let context = context(record, write, &images(1), Running);
    let heed = task(
        OLD,
        json!({"action": "heed", "release": "old", "before": "flip", "share": 100, "ready": true,
        "since": null, "steps": 1}),
    );
    json!(handle(&context, heed).await.expect("an answer"))
}

#[tokio::test]
async fn a_release_that_comes_to_its_gate_opens_it_by_one_write_and_waits() {
    let write = writes();
    let answer = heeded(to_be_approved(), &write).await;
    assert_eq!(
        (&answer["decision"], write.num_calls()),
        (&json!("wait"), 1)
    );
    assert_eq!(answer["gate"], "flip to 100 %");
    let ask = answer["ask"].as_str().expect("requests");
    assert!(
        ask.lines()
            .all(|it| serde_json::from_str::<Value>(it).is_ok()),
        "{ask}"
    );
    let waiting = Record {
        gate: at_gate(None).gate,
        ..to_be_approved()
    };
    let again = heeded(waiting, &write).await;
    assert_eq!((&again["gate"], write.num_calls()), (&answer["gate"], 1));
}

#[tokio::test]
async fn a_release_that_was_approved_goes_on_and_one_that_was_rejected_ends() {
    for (approved, decision, error) in [
        (true, "go-on", Value::Null),
        (false, "end", json!("ApprovalRejected")),
    ] {
        let outcome = decided(approved, "arn:other");
        let decided = Record {
            gate: at_gate(Some(outcome)).gate,
            ..to_be_approved()
        };
        let write = writes();
        let answer = heeded(decided, &write).await;
        assert_eq!(
            (&answer["decision"], write.num_calls()),
            (&json!(decision), 0)
        );
        assert_eq!(answer["failure"]["Error"], error);
    }
}

#[tokio::test]
async fn a_release_that_people_want_to_wait_passes_no_step_and_is_not_stable() {
    let mut held = in_progress(Phase::Watching);
    let hold = held.hold(&"old".into(), &word_of("arn:other"), u32::MAX, Utc::now());
    held = hold.record().expect("held");
    let context = |record| context(record, &writes(), &images(1), Running);
    let step = json!({"action": "pass-step", "release": "old", "share": 10});
    let answer = handle(&context(held.clone()), task(OLD, step)).await;
    let answer = json!(answer.expect("an answer"));
    assert_eq!(
        (&answer["recorded"], &answer["waits"]),
        (&json!(false), &json!(true))
    );
    held.release.as_mut().expect("a release").share = None;
    let finish = json!({"action": "finish", "outcome": "stable", "reason": "healthy"});
    let answer = handle(&context(held), task(OLD, finish)).await;
    let answer = json!(answer.expect("an answer"));
    assert_eq!(
        (&answer["phase"], &answer["waits"]),
        (&json!("watching"), &json!(true))
    );
}
