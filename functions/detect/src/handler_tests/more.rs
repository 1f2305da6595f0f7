//! Plans, syncs and contract steps at detect's edge: what each answers, and how often it writes.

use super::world::{ME, ask_for, detect, held_by, image_found, mine, mute, services, writes};
use crate::handler::Detect;
use crate::task::{Answer, Would};
use aws_sdk_ecr::operation::describe_images::DescribeImagesOutput;
use aws_sdk_ecr::types::ImageDetail;
use aws_sdk_sfn::types::ExecutionStatus::{self, Running, Succeeded};
use aws_smithy_mocks::{Rule, mock};
use aws_smithy_types::DateTime;
use serde_json::{Value, json};
use shared::record::{BeginContract, Contract, Expand, Phase, Record, Release, Time};
use shared::store::Store;
use shared::{Environment, Migration};

fn noon() -> Time {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

/// ECR has every image, and got it so many seconds after noon.
fn images(seconds: i64) -> Rule {
    mock!(aws_sdk_ecr::Client::describe_images).then_output(move || {
        let at = DateTime::from_secs(noon().timestamp() + seconds);
        let image = ImageDetail::builder().image_digest("sha256:new");
        let image = image.image_pushed_at(at).build();
        DescribeImagesOutput::builder().image_details(image).build()
    })
}

/// The record after a stable release that made blue live.
fn stable() -> Record {
    let old = held_by("old");
    let release = old.release.map(|it| Release {
        phase: Phase::Stable,
        from: Environment::Green,
        to: Environment::Blue,
        to_digest: "sha256:live".to_owned(),
        from_digest: Some("sha256:live".to_owned()),
        from_desired: 0,
        ..it
    });
    Record { release, ..mine() }
}

/// A record that tells of a schema that was expanded at noon, and of so many stable releases since.
fn expanded(releases: u32) -> Record {
    let expand = Expand {
        release: "r1".to_owned(),
        digest: "sha256:expanding".to_owned(),
        pushed_at: noon(),
        stable: releases,
    };
    Record {
        expands: vec![expand],
        ..stable()
    }
}

/// The record once `ME` has begun to contract.
fn contracting() -> Record {
    let record = expanded(2);
    let contract = Contract {
        id: "me".to_owned(),
        execution: ME.to_owned(),
        began_at: noon(),
        bars: String::new(),
        expand: record.expands[0].clone(),
        ended: None,
    };
    match record.begin_contract(&contract, 2, record.version) {
        BeginContract::Go(next) => next,
        other @ (BeginContract::Mine | BeginContract::Changed | BeginContract::Refused(_)) => {
            panic!("did not begin: {other:?}")
        }
    }
}

fn contract() -> Value {
    json!({"action": "contract", "command": ["bin/migrate", "contract"], "sql": "DROP TABLE notes"})
}

fn plan_of(request: &Value) -> Value {
    json!({"action": "plan", "request": request})
}

/// The answer, and how many writes it took.
async fn answered(record: Record, holder: ExecutionStatus, request: Value) -> (Answer, usize) {
    let write = writes();
    let detect = detect(record, &write, &images(1), holder);
    (ask_for(&detect, request).await, write.num_calls())
}

/// What a plan says would be done, once it is sure that the plan wrote nothing.
async fn planned(record: Record, request: Value) -> (Would, String, bool, Option<Migration>) {
    let (answer, writes) = answered(record, Running, plan_of(&request)).await;
    assert_eq!(writes, 0, "{request}");
    let Answer::Plan {
        would,
        reason,
        plan,
        migration,
        ..
    } = answer
    else {
        panic!("no plan of {request}: {answer:?}")
    };
    (would, reason, plan.is_some(), migration)
}

async fn refused(record: Record, holder: ExecutionStatus, request: Value, expect: &str) {
    let (answer, writes) = answered(record, holder, request).await;
    let Answer::Refuse { reason } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.contains(expect), "{expect}: {reason}");
    assert_eq!(writes, 0, "{reason}");
}

#[tokio::test]
async fn a_plan_of_a_release_takes_no_place_and_claims_nothing() {
    let unasked = Record {
        newest: None,
        ..stable()
    };
    let (would, reason, plan, _) = planned(unasked, json!({"tag": "v1.1.0"})).await;
    assert_eq!((would, plan), (Would::Release, true));
    assert_eq!(reason, "host/shop@sha256:new from blue to green");
}

#[tokio::test]
async fn a_plan_of_a_sync_names_the_live_image_and_writes_nothing() {
    let (would, reason, plan, _) = planned(stable(), json!({"action": "sync"})).await;
    assert_eq!((would, plan), (Would::Sync, true));
    assert_eq!(reason, "host/shop@sha256:live from blue to green");
}

#[tokio::test]
async fn a_plan_of_a_rollback_moves_and_writes_nothing() {
    let rollback = json!({"action": "rollback", "reason": "too slow"});
    let (would, reason, plan, _) = planned(stable(), rollback).await;
    assert_eq!((would, plan), (Would::Rollback, false));
    assert_eq!(reason, "too slow");
}

#[tokio::test]
async fn a_plan_of_a_contract_step_shows_its_task_and_writes_nothing() {
    let (would, reason, plan, migration) = planned(expanded(2), contract()).await;
    assert_eq!((would, plan), (Would::Contract, false));
    assert!(reason.contains("cannot be flipped back"), "{reason}");
    let migration = migration.expect("its task");
    assert_eq!(
        (migration.cluster.as_str(), migration.started_by.as_str()),
        ("blue", "me")
    );
    let (would, reason, ..) = planned(expanded(1), contract()).await;
    assert_eq!(would, Would::Refuse);
    assert!(reason.contains("1 < 2"), "{reason}");
}

#[tokio::test]
async fn a_plan_beside_a_running_release_says_that_it_would_wait() {
    let (would, reason, ..) = planned(held_by("old"), json!({"tag": "v1.1.0"})).await;
    assert_eq!(would, Would::Release);
    assert!(
        reason.starts_with("release old (deploying) of old holds the record, so it would wait"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_sync_is_refused_while_a_release_is_running() {
    let sync = json!({"action": "sync"});
    let expect = "release old (deploying) of old holds the record: a sync would end its flip back";
    refused(held_by("old"), Running, sync.clone(), expect).await;
    let (would, reason, ..) = planned(held_by("old"), sync).await;
    assert_eq!(would, Would::Refuse, "{reason}");
    assert!(reason.contains(expect), "{reason}");
}

#[tokio::test]
async fn a_sync_claims_the_record_with_one_write_and_takes_no_requests_place() {
    let other = Record {
        newest: None,
        ..stable()
    };
    let (answer, writes) = answered(other, Succeeded, json!({"action": "sync"})).await;
    let Answer::Sync { plan, .. } = answer else {
        panic!("no sync: {answer:?}")
    };
    assert_eq!((plan.to, plan.sync), (Environment::Green, true));
    assert_eq!(plan.image.digest, "sha256:live");
    assert_eq!(writes, 1);
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

#[tokio::test]
async fn destructive_sql_is_refused_before_any_call_to_aws() {
    let sql = |sql: &str| json!({"command": ["bin/migrate"], "sql": sql});
    let mut rename = contract();
    rename["sql"] = json!("ALTER TABLE notes RENAME TO remarks");
    for request in [
        json!({"tag": "v1.1.0", "migration": sql("DROP TABLE notes")}),
        rename,
    ] {
        let answer = ask_for(&unreachable(), request.clone()).await;
        let Answer::Refuse { reason } = answer else {
            panic!("not refused: {answer:?}")
        };
        assert!(reason.contains("the SQL must not run"), "{reason}");
        let planned = ask_for(&unreachable(), plan_of(&request)).await;
        assert_eq!(planned, Answer::plan(Would::Refuse, reason));
    }
}

/// Every call to AWS is an error, and so would be the answer.
fn unreachable() -> Detect {
    let mut detect = detect(mine(), &writes(), &image_found(), Running);
    detect.store = Store::new(mute!(aws_sdk_dynamodb), String::new(), String::new());
    detect.sfn = mute!(aws_sdk_sfn);
    detect.images.ecr = mute!(aws_sdk_ecr);
    detect.images.ecs = mute!(aws_sdk_ecs);
    detect.world.ecs = mute!(aws_sdk_ecs);
    detect.world.elb = mute!(aws_sdk_elasticloadbalancingv2);
    detect
}

#[tokio::test]
async fn a_release_delivered_twice_does_not_refuse_what_it_has_claimed_itself() {
    let write = writes();
    let mut detect = detect(held_by(ME), &write, &images(1), Running);
    detect.world.ecs = services("sha256:before");
    detect.rules.refuse_on = vec!["idle-drifted".to_owned()];
    let answer = ask_for(&detect, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 0);
}
