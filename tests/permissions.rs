//! No more rights than the job needs (I9): the calls of real releases against the deployed policies.
//!
//! The proxy refuses whatever the policies do not allow in every other test as well; here the other direction is
//! shown: what is allowed is used, or has a reason, and nothing reaches beyond this service.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

use anyhow::{Context, Result, ensure};
use boundary_tests::{local, on_the_local_aws, stage};
use rehearsal::follow::{End, Follow};
use rehearsal::iam::facts::can_be_scoped;
use rehearsal::iam::{Need, Policies, Statement, needs, role_statements};
use rehearsal::proxy::Seen;
use rehearsal::relay;
use rehearsal::stage::{REPOSITORY, Stage};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Allowed actions that no call of these stories needs, and why they are allowed.
const UNUSED: [(&str, &str, &str); 6] = [
    ("", "logs:", "Lambda writes the function's log"),
    ("", "xray:", "Lambda and the SDK trace"),
    (
        "Smoke",
        "ec2:",
        "Lambda puts the function into the subnets of SmokeSubnetIds",
    ),
    (
        "Flip",
        "sqs:SendMessage",
        "Lambda keeps an alarm's event that could not be handled",
    ),
    (
        "",
        "elasticloadbalancing:DescribeListeners",
        "ListenerRuleArns may hold listeners; none here",
    ),
    (
        "Flip",
        "elasticloadbalancing:ModifyListener",
        "ListenerRuleArns may hold listeners; none here",
    ),
];

/// Statements about `*` that AWS could scope, and why they are not.
const WIDE: [(&str, &str); 1] = [(
    "ec2:",
    "Lambda makes the interfaces itself, so none is known before; a Deny keeps the function's own code from all of EC2",
)];

/// Resources of which only the first part is ours to name: tasks, executions and revisions come and go.
const OPEN_ENDED: [&str; 3] = [":task/", ":execution:", ":task-definition/"];

async fn ask(stage: &Stage, input: Value) -> Result<End> {
    let call = stage.aws.sfn().start_execution();
    let call = call.state_machine_arn(stage.output("StateMachineArn")?);
    let started = call.input(input.to_string()).send().await?;
    Follow::new(stage, started.execution_arn).quiet_end().await
}

/// A push, a push during it, an operator's tag, a revision of the team's own, and a rollback.
async fn stories(stage: &Stage) -> Result<()> {
    let mut first = Follow::new(stage, relay::push(stage, "v1.1.0").await?);
    first.wait("Register task definition").await?;
    let second = Follow::new(stage, relay::push(stage, "v1.2.0").await?);
    let second = second.quiet_end().await?;
    ensure!(second.output["result"] == "released", "{second:?}");
    stage
        .registry
        .push(&stage.aws, REPOSITORY, "v1.3.0")
        .await?;
    let tag = ask(stage, json!({"tag": "v1.3.0"})).await?;
    ensure!(tag.output["result"] == "released", "{tag:?}");
    let [_, green] = stage.services().await?;
    let revision = ask(stage, json!({"taskDefinition": green.task_definition})).await?;
    ensure!(
        revision.output["result"] == "nothing to release",
        "{revision:?}"
    );
    let back = ask(stage, json!({"action": "rollback", "reason": "to see"})).await?;
    ensure!(back.output["result"] == "rolled back", "{back:?}");
    Ok(())
}

#[test]
fn the_roles_allow_what_is_called_and_nothing_else() {
    let shown = on_the_local_aws(async {
        let stage = stage().await;
        local().proxy.record(&stage.aws.account, None);
        stories(&stage).await?;
        let calls = local().proxy.calls(&stage.aws.account);
        show(&stage, &calls)
    });
    shown.expect("a proof");
}

fn show(stage: &Stage, calls: &[Seen]) -> Result<()> {
    let mut in_a_vpc = stage.permissions.clone();
    let subnets = ("SmokeSubnetIds".to_owned(), "subnet-1".to_owned());
    in_a_vpc.parameters.extend([subnets]);
    let policies = Policies::of(&in_a_vpc)?;
    let asked: Vec<_> = calls
        .iter()
        .map(|call| needs(call, rehearsal::aws::REGION))
        .collect::<Result<_>>()?;
    let may = |needs: &&Vec<Need>| needs.iter().all(|need| policies.allow(need).is_ok());
    let allowed = asked.iter().filter(may).count();
    let asked: BTreeSet<Need> = asked.into_iter().flatten().collect();
    let unused = unused(&policies, &asked)?;
    let mut all: Vec<Statement> = policies.0.values().flatten().cloned().collect();
    for role in ["ReleaseRole", "ImagePushedRole"] {
        all.extend(role_statements(&in_a_vpc, role)?);
    }
    let wide = wide(&all)?;
    beyond(&policies, &asked)?;
    ensure!(
        policies.0["Smoke"]
            .iter()
            .filter(|it| it.allows)
            .flat_map(|it| &it.actions)
            .all(|action| {
                ["logs:", "xray:", "ec2:"]
                    .iter()
                    .any(|prefix| action.starts_with(prefix))
            })
    );
    println!(
        "iam: calls={} allowed={allowed} unused_actions={} wildcards={}",
        calls.len(),
        unused.len(),
        wide.len()
    );
    ensure!(
        (allowed, unused, wide) == (calls.len(), vec![], vec![]),
        "not what it should be"
    );
    Ok(())
}

/// Allowed actions that nothing asked for, and that have no reason; a reason that is not needed any more is an error.
fn unused(policies: &Policies, asked: &BTreeSet<Need>) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut reasons = BTreeSet::new();
    for (function, statements) in &policies.0 {
        for action in statements
            .iter()
            .filter(|it| it.allows)
            .flat_map(|it| &it.actions)
        {
            let used = asked
                .iter()
                .any(|need| (&need.function, &need.action) == (function, action));
            let reason = UNUSED.iter().position(|(of, prefix, _)| {
                (of.is_empty() || of == function) && action.starts_with(prefix)
            });
            match (used, reason) {
                (true, Some(_)) => {
                    found.push(format!("{function} {action} is used, and needs no reason"))
                }
                (false, None) => found.push(format!("{function} {action} is never used")),
                (_, reason) => reasons.extend(reason),
            }
        }
    }
    let stale = (0..UNUSED.len()).filter(|it| !reasons.contains(it));
    found.extend(stale.map(|it| format!("{:?} is a reason for nothing", UNUSED[it])));
    found.iter().for_each(|it| println!("{it}"));
    Ok(found)
}

/// Statements that reach further than AWS forces them to.
fn wide(statements: &[Statement]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for statement in statements.iter().filter(|it| it.allows) {
        for action in &statement.actions {
            let scoped =
                can_be_scoped(action).with_context(|| format!("no facts about {action}"))?;
            let excused = WIDE.iter().any(|(prefix, _)| action.starts_with(prefix));
            if scoped && !excused && statement.resources.iter().any(|it| it == "*") {
                found.push(action.clone());
            }
        }
    }
    Ok(found)
}

/// Everything that was asked for is refused on a neighbour of its resource.
fn beyond(policies: &Policies, asked: &BTreeSet<Need>) -> Result<()> {
    let mut functions = BTreeSet::new();
    for need in asked.iter().filter(|need| need.resource != "*") {
        for resource in neighbours(&need.resource) {
            let other = Need {
                resource,
                ..need.clone()
            };
            ensure!(
                policies.allow(&other).is_err(),
                "allowed as well: {other:?}"
            );
            functions.insert(&need.function);
        }
    }
    for need in asked.iter().filter(|need| !need.context.is_empty()) {
        let mut other = need.clone();
        other.context.values_mut().for_each(|value| value.push('x'));
        ensure!(
            policies.allow(&other).is_err(),
            "allowed as well: {other:?}"
        );
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
