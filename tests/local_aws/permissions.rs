//! No more rights than the job needs (I9): the calls of real releases against the deployed policies.
//!
//! What was called must stand in `tests/iam/calls.json`, which `RECORD_CALLS=1 cargo test --test local_aws permissions::`
//! writes.
//! The proxy refuses whatever the policies do not allow in every other test as well; here the other direction is
//! shown: what is allowed is used, or has a reason, and nothing reaches beyond this service.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

use crate::common::{
    COMMANDS_IN_REQUESTS, TIMING, execute, hold_events, local, on_the_local_aws, push, put, result,
    stage_from,
};
use anyhow::{Result, ensure};
use iam::reasons::REASONS;
use iam::{Deployed, Need, Policies, Recorded, Report, needs};
use rehearsal::aws::REGION;
use rehearsal::images::PROFILE;
use rehearsal::proxy::RecordedCall;
use rehearsal::run::EXPAND;
use rehearsal::scenario::Scenario;
use rehearsal::stage::{Setup, Stage};
use rehearsal::state::State;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// Lambda delivers an event again after a minute and after two more.
const CLOSED_WITHIN: Duration = Duration::from_secs(300);

/// Resources of which only the first part is ours to name: tasks, their logs, executions and revisions come and go.
const OPEN_ENDED: [&str; 4] = [":task/", ":log-stream:", ":execution:", ":task-definition/"];

/// A push, a push during it, an operator's tag, a revision of the team's own, a rollback, a preview, a sync, a release
/// with a migration, the status, and releases that are stopped.
async fn stories(stage: &Stage) -> Result<()> {
    stage.watch_for(150).await?;
    let mut first = push(stage, "v1.1.0").await?;
    first.wait("Register task definition").await?;
    let mut second = push(stage, "v1.2.0").await?;
    second.wait("Wait for the release in progress").await?;
    stage.end_watch().await?;
    let second = second.quiet_end().await?;
    ensure!(result(&second) == "released", "{second:?}");
    put(stage, "v1.3.0").await?;
    let tag = execute(stage, json!({"tag": "v1.3.0"})).await?;
    ensure!(result(&tag) == "released", "{tag:?}");
    let [_, green] = stage.services().await?;
    let migration = json!({"command": ["migrate", EXPAND], "sql": EXPAND});
    let expand = json!({"tag": "v1.3.0", "migration": migration});
    for (input, expect) in [
        (
            json!({"taskDefinition": green.task_definition}),
            "nothing to release",
        ),
        (
            json!({"action": "rollback", "reason": "to see"}),
            "rolled back",
        ),
        (
            json!({"action": "plan", "request": expand}),
            "planned: release",
        ),
        (json!({"action": "sync"}), "synced"),
        (expand, "released"),
    ] {
        let end = execute(stage, input).await?;
        ensure!(result(&end) == expect, "{end:?}");
    }
    stopped_by_a_word(stage).await?;
    stopped(stage).await
}

/// A release that a person stops as the machine's request, and what the status says then.
async fn stopped_by_a_word(stage: &Stage) -> Result<()> {
    stage.watch_for(150).await?;
    let mut release = push(stage, "v1.4.0").await?;
    release.wait("Watch").await?;
    let word = json!({"action": "stop", "release": release.release(), "reason": "to see"});
    let end = execute(stage, word).await?;
    ensure!(result(&end) == "stopped", "{end:?}");
    let end = execute(stage, json!({"action": "status"})).await?;
    ensure!(end.output["inProgress"].is_null(), "{end:?}");
    Ok(())
}

/// A release that somebody stops in its watch: the event of that has flip ask Step Functions whether it has ended.
async fn stopped(stage: &Stage) -> Result<()> {
    stage.watch_for(150).await?;
    let mut release = push(stage, "v1.5.0").await?;
    release.wait("Watch").await?;
    let call = stage.aws.sfn().stop_execution();
    call.execution_arn(release.execution()).send().await?;
    let began = Instant::now();
    while State::read(stage).await?.record.holder.is_some() {
        ensure!(began.elapsed() < CLOSED_WITHIN, "it still holds the record");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

#[test]
fn the_roles_allow_what_is_called_and_nothing_else() {
    on_the_local_aws(async {
        // Its ListenerRuleArns holds rules and a listener.
        let changes = Scenario::RealStack.changes();
        let stage = stage_from(Setup {
            timing: TIMING,
            parameters: &[COMMANDS_IN_REQUESTS],
            changes: &changes,
        });
        let stage = stage.await;
        local().proxy.record(&stage.aws.account, None);
        stories(&stage).await?;
        let calls = local().proxy.calls(&stage.aws.account);
        hold_events(&stage).await?;
        show(&stage, &calls)
    })
    .expect("releases with the rights that they need");
}

fn show(stage: &Stage, calls: &[RecordedCall]) -> Result<()> {
    let file = project::root().join("tests/iam/calls.json");
    let called = calls.iter().map(|it| &it.call);
    Recorded::of(called, &stage.deployed)?.hold_against(&file)?;
    let policies = Policies::of(&with_all(stage))?;
    let called = calls
        .iter()
        .map(|it| Ok((it.call.function.clone(), needs(&it.call)?)));
    let called: Vec<(String, Vec<Need>)> = called.collect::<Result<_>>()?;
    beyond(&policies, &called)?;
    let report = Report::of(&policies, &called, &REASONS)?;
    println!("{report}");
    ensure!(report.is_clean(), "not what it should be: {report:#?}");
    Ok(())
}

/// The stack as if each optional parameter that gives a right were set.
fn with_all(stage: &Stage) -> Deployed {
    let arn = |service: &str, name: &str| {
        format!("arn:aws:{service}:{REGION}:{}:{name}", stage.aws.account)
    };
    let secret = arn("secretsmanager", "secret:db-AbCdEf");
    let mut with_all = stage.deployed.clone();
    with_all.parameters.extend(
        [
            ("SmokeSubnetIds", "subnet-1".to_owned()),
            ("SecretArns", secret.clone()),
            ("SmokeSecretArn", secret),
            ("ScanSeverity", "HIGH".to_owned()),
            ("SigningProfileArn", PROFILE.to_owned()),
            ("KmsKeyArn", arn("kms", "key/1234abcd")),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    with_all
}

/// Everything that was called is refused on a neighbour of its resource.
fn beyond(policies: &Policies, called: &[(String, Vec<Need>)]) -> Result<()> {
    let mut functions = BTreeSet::new();
    let called = called.iter();
    for (function, need) in
        called.flat_map(|(function, all)| all.iter().map(move |it| (function, it)))
    {
        let mut others = Vec::new();
        for resource in need.resources.iter().filter(|it| *it != "*") {
            functions.insert(function);
            let other = |resource| Need {
                resources: vec![resource],
                ..need.clone()
            };
            others.extend(neighbours(resource).into_iter().map(other));
        }
        // A cluster's key names the resource once more, except where it is all there is.
        if need.resources == ["*"] || !need.context.contains_key("ecs:cluster") {
            others.extend(
                need.context
                    .iter()
                    .map(|(key, value)| need.clone().with(key, &format!("{value}x"))),
            );
        }
        for other in others {
            ensure!(
                policies.allows(function, &other).is_err(),
                "{function} may as well: {other:?}"
            );
        }
    }
    ensure!(
        functions.len() == 3,
        "detect, deploy and flip name resources: {functions:?}"
    );
    Ok(())
}

/// The same kind of thing in another account, another Region, and beside it.
fn neighbours(arn: &str) -> Vec<String> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let with = |index: usize, text: &str| {
        let mut parts = parts.clone();
        parts[index] = text;
        parts.join(":")
    };
    let mut found = vec![with(4, "999999999999")];
    if !parts[3].is_empty() {
        found.push(with(3, "us-gov-west-1"));
    }
    let open = OPEN_ENDED.iter().any(|kind| arn.contains(kind));
    if !open {
        found.push(format!("{arn}x"));
    }
    // The name after the kind: a cluster's, a table's, a machine's.
    if let Some(at) = parts[5]
        .find(['/', ':'])
        .filter(|_| !arn.contains(":task-definition/"))
    {
        let (kind, name) = parts[5].split_at(at + 1);
        found.push(with(5, &format!("{kind}x{name}")));
    }
    found
}
