//! A contract step: removes from the database what only older versions need, once no older version can be flipped back to.

use super::context::Context;
use super::hold::begin_contract;
use super::holder::dead_holder;
use super::migration::migration_task;
use crate::halt::Halt;
use crate::look::{PushTimes, Snapshot, observe, push_times};
use crate::preflight::{may_pass, roles};
use crate::request::MigrationStep;
use crate::task::{Answer, Execution};
use chrono::Utc;
use migrations::Step;
use record::{BeginContract, Contract, ContractTerms, Expand};
use shared::ecs::describe_task_definition;
use shared::{Digest, Environment, MigrationTask, Refusal, ReleaseId, Time};

/// `named` is the release that expanded, where the request names one.
pub(crate) async fn contract(
    context: &Context,
    step: &MigrationStep,
    named: Option<&ReleaseId>,
    execution: &Execution,
    preview: bool,
) -> Result<Answer, Halt> {
    context.migrations.judge(Some(step), Step::Contract)?;
    let record = context.store.load().await?;
    let snapshot = observe(&context.observer).await?;
    let expand = match &record.contract {
        // An earlier try of this execution fixed it.
        Some(begun) if begun.execution == execution.arn => &begun.expand,
        Some(_) | None => record.expanded_by(named)?,
    };
    let push_times = push_times(&context.observer, snapshot.digests()).await?;
    let active = may_contract(&snapshot, &push_times, expand)?;
    let observation = snapshot.environments.get(active);
    let live = observation.service.as_ref();
    let revision = live.and_then(|it| it.task_definition()).unwrap_or_default();
    let (container, release) = (&context.observer.container, &expand.release);
    let migration = migration_task(step, observation, container, &execution.name);
    require_passable_roles(context, revision, &migration).await?;
    let dead_holder = dead_holder(&context.sfn, &record, &execution.arn).await?;
    let terms = ContractTerms {
        stable_releases: context.migrations.stable_releases_before_contract,
        dead_holder: dead_holder.as_ref(),
        read_version: record.version,
    };
    let now = Utc::now();
    let contract = Contract::requested(&execution.name, &execution.arn, now, expand.clone());
    let begun = if preview {
        record.begin_contract(&contract, &terms)
    } else {
        begin_contract(&context.store, &contract, &terms).await?
    };
    match begun {
        BeginContract::Begun(_) | BeginContract::AlreadyBegun => {}
        BeginContract::Refused(reason) => return Err(reason.into()),
        BeginContract::RecordChanged => {
            let reason = "the record changed while the environments were observed".to_owned();
            return Ok(Answer::wait(reason, Some(now), now));
        }
    }
    Ok(Answer::Contract {
        migration,
        task_definition: revision.to_owned(),
        reason: format!("contracts what release {release} expanded; {active} is active"),
    })
}

/// Whether the step's task can be started: known before the contract begins, since then nothing can be flipped back.
async fn require_passable_roles(
    context: &Context,
    revision: &str,
    migration: &MigrationTask,
) -> Result<(), Refusal> {
    let definition = describe_task_definition(&context.observer.ecs, revision)
        .await
        .map_err(|error| format!("the live task definition could not be read: {error}"))?;
    let passable = &context.preflight.passable_roles;
    may_pass(&roles(&definition, Some(migration), passable))
}

/// The active environment, if every task of both runs the expanding release's image or one that was pushed after it.
fn may_contract(
    snapshot: &Snapshot,
    push_times: &PushTimes,
    expand: &Expand,
) -> Result<Environment, Refusal> {
    let active = snapshot.active.clone()?;
    for environment in Environment::BOTH {
        let digests = &snapshot.environments.get(environment).digests;
        if digests.is_empty() {
            return Err(Refusal::from(format!(
                "{environment} runs no task, so nobody knows which version a flip to it would bring. \
                 Scale it up, or send {{\"action\": \"sync\"}}."
            )));
        }
        for digest in digests.iter().filter(|it| **it != expand.digest) {
            let pushed_at = push_times.get(digest).copied().flatten();
            require_later(environment, digest, pushed_at, expand)?;
        }
    }
    Ok(active)
}

fn require_later(
    environment: Environment,
    digest: &Digest,
    pushed_at: Option<Time>,
    expand: &Expand,
) -> Result<(), Refusal> {
    match pushed_at {
        Some(at) if at > expand.pushed_at => Ok(()),
        Some(at) => Err(Refusal::from(format!(
            "{environment} still runs {digest}, pushed at {at}, not after the image of release {} ({}). \
             Release a newer one there, or send {{\"action\": \"sync\"}}.",
            expand.release, expand.pushed_at
        ))),
        None => Err(Refusal::from(format!(
            "{environment} runs {digest}, and ECR does not say when it was pushed. \
             Release an image there that the repository has."
        ))),
    }
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
