//! Contract steps at detect's edge.

use super::asking::{answered, ask_for, context, plan_of, previewed, refused, task, writes};
use super::bars::closed_now;
use super::people::decided;
use super::records::{ME, noon, stable};
use super::registry::images;
use crate::claim::Context;
use crate::handler::handle;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::Rule;
use chrono::{TimeDelta, Utc};
use record::{
    Approval, ApprovalBefore, Before, BeginContract, Contract, ContractTerms, Expand, Gate,
    GateOutcome, Record,
};
use serde_json::{Value, json};

/// A record of a schema that was expanded at noon, and of so many stable releases since.
pub fn expanded(releases: u32) -> Record {
    let expand = Expand {
        release: "r1".into(),
        digest: "sha256:expanding".into(),
        pushed_at: noon(),
        stable_releases: releases,
        proven: true,
    };
    Record {
        expands: vec![expand],
        ..stable()
    }
}

/// The record once `ME` has begun to contract.
pub fn contracting() -> Record {
    let record = expanded(2);
    let contract = Contract::requested(&"me".into(), &ME.into(), noon(), record.expands[0].clone());
    let terms = ContractTerms {
        stable_releases: 2,
        dead_holder: None,
        read_version: record.version,
        ..ContractTerms::default()
    };
    match record.begin_contract(&contract, &terms) {
        BeginContract::Begun(next) => next,
        other @ (BeginContract::AlreadyBegun
        | BeginContract::RecordChanged
        | BeginContract::Refused(_)) => {
            panic!("did not begin: {other:?}")
        }
    }
}

pub fn contract() -> Value {
    json!({"action": "contract", "command": ["bin/migrate", "contract"], "sql": "DROP TABLE notes"})
}

#[tokio::test]
async fn a_preview_of_a_contract_step_shows_its_task_and_writes_nothing() {
    let (would, reason, plan, migration) = previewed(expanded(2), contract()).await;
    assert_eq!((would, plan), (PreviewedAction::Contract, false));
    assert!(reason.contains("cannot be flipped back"), "{reason}");
    let migration = migration.expect("its task");
    assert_eq!(
        (migration.cluster.as_str(), migration.group.as_str()),
        ("blue", "migration:me")
    );
    let (would, reason, ..) = previewed(expanded(1), contract()).await;
    assert_eq!(would, PreviewedAction::Refuse);
    assert!(reason.contains("1 < 2"), "{reason}");
}

#[tokio::test]
async fn a_contract_step_is_refused_too_early_with_both_numbers() {
    let expect = "stable releases in a row since r1 expanded the schema: 1 < 2";
    refused(expanded(1), Running, contract(), expect).await;
}

#[tokio::test]
async fn a_contract_step_is_refused_while_an_older_image_runs() {
    let write = writes();
    let context = context(expanded(2), &write, &images(0), Running);
    let answer = ask_for(&context, contract()).await;
    let Answer::Refuse { reason, .. } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(
        reason.as_str().contains("blue still runs sha256:live"),
        "{reason}"
    );
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn a_contract_step_is_refused_where_nothing_was_expanded_or_a_release_runs() {
    refused(stable(), Running, contract(), "nothing to contract").await;
    let busy = Record {
        holder: Some("old".into()),
        ..expanded(2)
    };
    refused(busy, Running, contract(), "old is in progress").await;
    let mut named = contract();
    named["expandedBy"] = json!("r9");
    refused(expanded(2), Running, named, "known: [\"r1\"]").await;
}

#[tokio::test]
async fn a_contract_step_begins_with_one_write_and_delivered_again_makes_none() {
    let (first, writes) = answered(expanded(2), Running, contract()).await;
    let Answer::Contract { migration, .. } = &first else {
        panic!("no contract: {first:?}")
    };
    assert_eq!(migration.command, ["bin/migrate", "contract"]);
    assert_eq!(writes, 1);
    let (again, writes) = answered(contracting(), Running, contract()).await;
    assert_eq!((again, writes), (first, 0));
}

#[tokio::test]
async fn what_a_contract_step_has_overridden_is_told_although_an_earlier_try_has_begun() {
    let mut overriding = contract();
    overriding["override"] = json!("hot fix");
    let (again, writes) = answered(contracting(), Running, overriding).await;
    let Answer::Contract { reason, .. } = again else {
        panic!("no contract: {again:?}")
    };
    let expect = "; begun with an override: hot fix";
    assert!(reason.contains(expect), "{reason}");
    assert_eq!(writes, 0);
}

/// The context of a stack that wants the commands of requests approved, and the record with the gate of `ME`.
fn gated(outcome: Option<GateOutcome>, write: &Rule) -> Context {
    let gate = outcome.map(|outcome| Gate {
        release: "me".into(),
        before: Before::Commands,
        opened_at: noon() - TimeDelta::hours(1),
        until: Utc::now() + TimeDelta::hours(1),
        command: None,
        outcome: Some(outcome),
    });
    let record = Record {
        newest: None,
        gate,
        ..expanded(2)
    };
    let mut context = context(record, write, &images(1), Running);
    context.decisions.approval = Approval {
        before: vec![ApprovalBefore::Commands],
        seconds: 3600,
        ..Approval::default()
    };
    context
}

/// The same, outside of the release window.
fn closed(outcome: Option<GateOutcome>, write: &Rule) -> Context {
    let mut context = gated(outcome, write);
    context.decisions.window = Some(closed_now());
    context
}

#[tokio::test]
async fn a_contract_step_that_is_approved_waits_for_its_hour_and_does_not_begin_before_it() {
    for (outcome, decision) in [
        (Some(decided(true, "arn:other")), "wait"),
        (Some(decided(false, "arn:other")), "refuse"),
        (None, "refuse"),
    ] {
        let write = writes();
        let answer = json!(ask_for(&closed(outcome, &write), contract()).await);
        assert_eq!(answer["decision"], decision, "{answer}");
        assert_eq!(write.num_calls(), 0);
        if decision == "wait" {
            assert_eq!(answer["heldBack"], true);
            assert!(answer["until"].is_string(), "{answer}");
            let reason = answer["reason"].as_str().expect("a reason");
            assert!(reason.contains("This request waits"), "{reason}");
        }
    }
}

/// A release has begun and ended since people were asked.
#[tokio::test]
async fn a_contract_step_whose_gate_was_taken_is_refused_and_asks_nobody_again() {
    let write = writes();
    let mut task = task(ME, json!({"action": "detect", "request": contract()}));
    task["gateOpened"] = json!(true);
    let answer = handle(&gated(None, &write), task).await;
    let answer = json!(answer.expect("an answer"));
    assert_eq!(
        (&answer["decision"], write.num_calls()),
        (&json!("refuse"), 0)
    );
    let reason = answer["reason"].as_str().expect("a reason");
    let expect = "old took the place of this gate: request it again";
    assert!(reason.contains(expect), "{reason}");
}

#[tokio::test]
async fn a_contract_step_opens_its_gate_by_one_write_and_waits() {
    let write = writes();
    let answer = json!(ask_for(&gated(None, &write), contract()).await);
    assert_eq!(
        (&answer["decision"], write.num_calls()),
        (&json!("wait"), 1)
    );
    assert_eq!(
        (&answer["gate"], &answer["heldBack"]),
        (&json!("commands"), &json!(false))
    );
    let reason = answer["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("request me waits for an approval of its commands, until "),
        "{reason}"
    );
    let ask = answer["ask"].as_str().expect("requests");
    assert!(
        ask.contains("\"release\": \"me\", \"gate\": \"commands\""),
        "{ask}"
    );
}

#[tokio::test]
async fn a_contract_step_begins_once_it_is_approved_and_never_once_it_is_rejected() {
    for (approved, decision) in [(true, "contract"), (false, "refuse")] {
        let outcome = decided(approved, "arn:other");
        let write = writes();
        let answer = json!(ask_for(&gated(Some(outcome), &write), contract()).await);
        assert_eq!(answer["decision"], decision, "{answer}");
        assert_eq!(write.num_calls(), usize::from(approved));
    }
    let write = writes();
    let answer = json!(ask_for(&gated(None, &write), plan_of(&contract())).await);
    assert_eq!(
        (&answer["would"], write.num_calls()),
        (&json!("contract"), 0)
    );
}
