//! A contract step: removes from the database what only older versions need, once no older version can be flipped back to.

use super::begin::begin_contract;
use super::context::Context;
use super::holder::dead_holder;
use super::migration::migration_task;
use crate::halt::Halt;
use crate::look::{EnvironmentObservation, PushedImage, Snapshot, observe, pushed_images};
use crate::preflight::{may_pass, roles};
use crate::request::MigrationStep;
use crate::task::{Answer, Execution};
use chrono::Utc;
use record::{BeginContract, Contract, ContractTerms, Expand, Record};
use shared::ecs::describe_task_definition;
use shared::{Digest, Environment, Refusal, ReleaseId, Time};
use std::collections::HashMap;

/// `named` is the release that expanded, where the request names one.
pub(crate) async fn contract(
    context: &Context,
    step: &MigrationStep,
    named: Option<&ReleaseId>,
    execution: &Execution,
    preview: bool,
) -> Result<Answer, Halt> {
    let sql = step.sql.as_deref();
    context.migrations.judge(sql, migrations::Step::Contract)?;
    let record = context.store.load().await?;
    let snapshot = observe(&context.environments).await?;
    let expand = expand_of(&record, named, execution)?;
    let digests = snapshot.digests().cloned().collect();
    let images = pushed_images(&context.repository, digests).await?;
    let active = may_contract(&snapshot, &images, &expand)?;
    let observation = snapshot.environments.get(active);
    let revision = live_revision(observation);
    require_passable_roles(context, revision).await?;
    let container = &context.repository.container;
    let answer = Answer::Contract {
        migration: migration_task(step, observation, container, &execution.name),
        task_definition: revision.to_owned(),
        reason: format!(
            "contracts what release {} expanded; {active} is active",
            expand.release
        ),
    };
    let contract = Contract::requested(&execution.name, &execution.arn, Utc::now(), expand);
    let dead_holder = dead_holder(&context.sfn, &record, &execution.arn).await?;
    let terms = ContractTerms {
        stable_releases: context.migrations.stable_releases_before_contract,
        dead_holder: dead_holder.as_ref(),
        read_version: record.version,
    };
    if preview {
        return match record.begin_contract(&contract, &terms) {
            BeginContract::Refused(reason) => Err(reason.into()),
            BeginContract::Begun(_)
            | BeginContract::AlreadyBegun
            | BeginContract::RecordChanged => Ok(answer),
        };
    }
    begin_contract(&context.store, &contract, &terms, answer).await
}

/// What the step belongs to: as an earlier try of this execution fixed it, or by the record.
fn expand_of(
    record: &Record,
    named: Option<&ReleaseId>,
    execution: &Execution,
) -> Result<Expand, Refusal> {
    let begun = record.contract.as_ref();
    match begun.filter(|contract| contract.execution == execution.arn) {
        Some(contract) => Ok(contract.expand.clone()),
        None => record.expanded_by(named).cloned(),
    }
}

fn live_revision(observation: &EnvironmentObservation) -> &str {
    let service = observation.service.as_ref();
    let revision = service.and_then(|service| service.task_definition());
    revision.unwrap_or_default()
}

/// Whether the step's task can be started. Once the contract has begun nothing can be flipped back, so that is known
/// before.
async fn require_passable_roles(context: &Context, revision: &str) -> Result<(), Refusal> {
    let definition = describe_task_definition(&context.facts.ecs, revision)
        .await
        .map_err(|error| format!("the live task definition could not be read: {error}"))?;
    may_pass(&roles(&definition, &context.preflight.passable_roles))
}

/// The active environment, if every task of both runs the expanding release's image or one
/// that was pushed after it.
fn may_contract(
    snapshot: &Snapshot,
    images: &HashMap<Digest, PushedImage>,
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
            let pushed_at = images.get(digest).and_then(|image| image.pushed_at);
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
