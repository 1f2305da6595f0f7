//! Contract steps at detect's edge.

use super::asking::{answered, images, noon, planned, refused, stable};
use super::world::{ME, ask_for, detect, writes};
use crate::task::{Answer, Would};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use serde_json::{Value, json};
use shared::record::{BeginContract, Contract, Expand, Record, Terms};

/// A record that tells of a schema that was expanded at noon, and of so many stable releases since.
fn expanded(releases: u32) -> Record {
    let expand = Expand {
        release: "r1".to_owned(),
        digest: "sha256:expanding".to_owned(),
        pushed_at: noon(),
        stable: releases,
        proven: true,
    };
    Record {
        expands: vec![expand],
        ..stable()
    }
}

/// The record once `ME` has begun to contract.
fn contracting() -> Record {
    let record = expanded(2);
    let contract = Contract::wish("me", ME, noon(), record.expands[0].clone());
    let terms = Terms {
        stable: 2,
        gone: None,
        seen: record.version,
    };
    match record.begin_contract(&contract, &terms) {
        BeginContract::Go(next) => next,
        other @ (BeginContract::Mine | BeginContract::Changed | BeginContract::Refused(_)) => {
            panic!("did not begin: {other:?}")
        }
    }
}

pub fn contract() -> Value {
    json!({"action": "contract", "command": ["bin/migrate", "contract"], "sql": "DROP TABLE notes"})
}

#[tokio::test]
async fn a_plan_of_a_contract_step_shows_its_task_and_writes_nothing() {
    let (would, reason, plan, migration) = planned(expanded(2), contract()).await;
    assert_eq!((would, plan), (Would::Contract, false));
    assert!(reason.contains("cannot be flipped back"), "{reason}");
    let migration = migration.expect("its task");
    assert_eq!(
        (migration.cluster.as_str(), migration.group.as_str()),
        ("blue", "migration:me")
    );
    let (would, reason, ..) = planned(expanded(1), contract()).await;
    assert_eq!(would, Would::Refuse);
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
    let detect = detect(expanded(2), &write, &images(0), Running);
    let answer = ask_for(&detect, contract()).await;
    let Answer::Refuse { reason } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.contains("blue still runs sha256:live"), "{reason}");
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn a_contract_step_is_refused_where_nothing_was_expanded_or_a_release_runs() {
    refused(stable(), Running, contract(), "nothing to contract").await;
    let busy = Record {
        holder: Some("old".to_owned()),
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
