//! A contract step: removes from the database what only older versions need, once no older version can be flipped back to.

use super::commands::{of_request, origin, whose};
use super::context::Context;
use super::hold::begin_contract;
use super::holder::dead_holder;
use super::met::meet;
use super::migration::migration_task;
use super::unfinished::{explain_split, to_flip_back};
use crate::halt::Halt;
use crate::look::{EnvironmentObservation, PushTimes, Snapshot, observe, push_times};
use crate::preflight::{Finding, may_pass, of_contract, roles, shown, warnings};
use crate::request::MigrationStep;
use crate::task::{Answer, Execution};
use chrono::Utc;
use record::{BeginContract, Contract, ContractTerms, Expand, Origin, Record};
use shared::ecs::describe_task_definition;
use shared::{Digest, Environment, MigrationTask, Refusal, ReleaseId, Time};

const CHANGED: &str = "the record changed while the environments were observed";

/// What a contract step runs, and for whom.
pub(crate) struct Contracts<'a> {
    /// None: the stack's standing command.
    pub step: Option<&'a MigrationStep>,
    pub origin: Option<&'a Origin>,
    /// The release that expanded, where the request names one.
    pub named: Option<&'a ReleaseId>,
    /// Why it begins although nothing is meant to begin now.
    pub overrides: Option<&'a str>,
    pub preview: bool,
    /// People were asked for its approval before.
    pub gate_opened: bool,
}

impl Contracts<'_> {
    /// The step as its beginning fixes it.
    fn fixed(&self, execution: &Execution, expand: &Expand, command: &[String]) -> Contract {
        let (id, arn) = (&execution.name, &execution.arn);
        Contract {
            origin: origin(self.origin, Some(whose(self.step))),
            command: Some(command.to_vec()),
            ..Contract::requested(id, arn, Utc::now(), expand.clone())
        }
    }

    /// What its reason ends with, where it runs a command of its own.
    fn runs(&self) -> String {
        let own = self.step.map(|step| of_request(&step.command));
        own.unwrap_or_default()
    }
}

pub(crate) async fn contract(
    context: &Context,
    requested: &Contracts<'_>,
    execution: &Execution,
) -> Result<Answer, Halt> {
    let preview = requested.preview;
    let (step, findings) = step(context, requested)?;
    let record = context.store.load().await?;
    let dead_holder = dead_holder(&context.sfn, &record, &execution.arn).await?;
    if let Some(reason) = to_flip_back(&record, dead_holder.as_ref(), context.when_stopped) {
        return Ok(Answer::end_stopped(reason));
    }
    let met = meet(&context.decisions, &record, requested.overrides, execution)?;
    let mut snapshot = observe(&context.observer).await?;
    explain_split(&context.observer.routing, &mut snapshot, &record);
    let expand = expand(&record, requested, execution)?;
    let push_times = push_times(&context.observer, snapshot.digests(), PushTimes::new()).await?;
    let active = may_contract(&snapshot, &push_times, expand)?;
    let observation = snapshot.environments.get(active);
    let migration = task(context, step, observation, &execution.name).await?;
    let terms = ContractTerms {
        stable_releases: context.migrations.stable_releases_before_contract,
        dead_holder: dead_holder.as_ref(),
        read_version: record.version,
        override_freeze: requested.overrides.is_some(),
        approval: Some(&context.decisions.approval).filter(|_| !preview),
        gate_opened: requested.gate_opened,
    };
    let contract = requested.fixed(execution, expand, &migration.command);
    if !preview && let Some(wait) = met.waits(context, &contract, &terms).await? {
        return Ok(wait);
    }
    let begun = if preview {
        record.begin_contract(&contract, &terms)
    } else {
        begin_contract(&context.store, &contract, &terms).await?
    };
    match begun {
        BeginContract::Begun(_) | BeginContract::AlreadyBegun => Ok(Answer::Contract {
            migration,
            task_definition: revision(observation).to_owned(),
            reason: contracts(expand, active) + &met.overridden + &requested.runs(),
            warnings: warnings(&findings),
            findings: shown(&findings),
        }),
        BeginContract::Refused(reason) => Err(reason.into()),
        BeginContract::RecordChanged => Ok(Answer::wait(CHANGED, 1)),
    }
}

/// What runs, and what is to be known of its SQL.
fn step<'a>(
    context: &'a Context,
    requested: &Contracts<'a>,
) -> Result<(&'a MigrationStep, Vec<Finding>), Refusal> {
    let (step, sql) = context.migrations.contract_step(requested.step)?;
    let findings = of_contract(&sql, &context.preflight);
    may_pass(&findings)?;
    Ok((step, findings))
}

/// The expanding release; an earlier try of this execution fixed it.
fn expand<'a>(
    record: &'a Record,
    requested: &Contracts<'_>,
    execution: &Execution,
) -> Result<&'a Expand, Refusal> {
    match &record.contract {
        Some(begun) if begun.execution == execution.arn => Ok(&begun.expand),
        Some(_) | None => record.expanded_by(requested.named),
    }
}

/// What the step does, for a person.
fn contracts(expand: &Expand, active: Environment) -> String {
    let release = &expand.release;
    format!("contracts what release {release} expanded; {active} is active")
}

/// The step's task, if it can be started: that is known before the contract begins, since then nothing can be flipped back.
async fn task(
    context: &Context,
    step: &MigrationStep,
    active: &EnvironmentObservation,
    release: &ReleaseId,
) -> Result<MigrationTask, Refusal> {
    let migration = migration_task(step, active, &context.observer.container, release);
    let definition = describe_task_definition(&context.observer.usual.ecs, revision(active))
        .await
        .map_err(|error| format!("the live task definition could not be read: {error}"))?;
    let passable = &context.preflight.passable_roles;
    may_pass(&roles(&definition, Some(&migration), passable))?;
    Ok(migration)
}

/// ARN of the revision that an environment runs.
fn revision(environment: &EnvironmentObservation) -> &str {
    let service = environment.service.as_ref();
    service
        .and_then(|it| it.task_definition())
        .unwrap_or_default()
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
