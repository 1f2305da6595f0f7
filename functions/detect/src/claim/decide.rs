//! Decides whether an image can be released, and on which plan. Pure: from what was observed at one moment.
//!
//! Only what leaves no plan to be made is refused here; whatever else is wrong, the preflight finds, all at once.

use super::commands::of_request;
use crate::look::{EnvironmentObservation, Snapshot};
use crate::request::{ExecutionRequest, Request};
use crate::task::Execution;
use record::Source;
use shared::ecs::family_of;
use shared::{Digest, Environment, EnvironmentSnapshot, Image, Refusal, ReleasePlan};

/// What to do about a request that may be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Release(ReleasePlan),
    /// There is nothing to release, and why.
    Skip(String),
}

/// Decides about `image`, which is the live one for a sync; or, with `same_build`, the live one is its index or in it, as
/// far as that is known yet: [`already_live`] decides once more. Refuses what must not be released now.
pub(super) fn decide(
    snapshot: &Snapshot,
    requested: &ExecutionRequest,
    execution: &Execution,
    image: Image,
    same_build: bool,
) -> Result<Decision, Refusal> {
    let from = snapshot.active.clone()?;
    let to = from.other();
    let of = |it| environment_snapshot(it, snapshot.environments.get(it));
    let (idle, active) = (of(to)?, of(from)?);
    let plan = ReleasePlan {
        release: execution.name.clone(),
        execution: execution.arn.clone(),
        image,
        task_definition: own_revision(requested, &active)?,
        from,
        to,
        idle,
        active,
        sync: requested.is_sync(),
        migration: None,
        steps: Vec::new(),
        active_since: None,
        scan: None,
        warnings: Vec::new(),
    };
    Ok(match already_live(&plan, same_build) {
        Some(reason) => Decision::Skip(reason),
        None => Decision::Release(plan),
    })
}

/// The revision that the request names. From CI it has to be one of the family that is live.
fn own_revision(
    requested: &ExecutionRequest,
    active: &EnvironmentSnapshot,
) -> Result<Option<String>, Refusal> {
    let Request::TaskDefinition(arn) = &requested.request else {
        return Ok(None);
    };
    let origin = requested.origin.as_ref();
    let from_ci = origin.is_some_and(|it| it.source == Source::Ci);
    let (live, found) = (family_of(&active.task_definition), family_of(arn));
    if from_ci && found != live {
        return Err(Refusal::from(format!(
            "expected a revision of family {live}, which active {} runs, found {found}; CI's machine releases no other \
             one. Let an operator start STACK-release.",
            active.environment
        )));
    }
    Ok(Some(arn.clone()))
}

/// Whether the verifier has to let the image of a plan in before its release begins, with the image that it has let in for
/// this execution: after its yes it is not asked about that image again, also where an earlier try has claimed the record.
pub fn wants_verification(
    has_verifier: bool,
    plan: &ReleasePlan,
    verified: Option<&Digest>,
) -> bool {
    has_verifier && !plan.sync && verified != Some(&plan.image.digest)
}

/// What a plan does, for a person; `own`: the command that it runs is the request's.
pub(super) fn describe(plan: &ReleasePlan, own: bool) -> String {
    let migration = plan.migration.as_ref().filter(|_| own);
    let runs = migration.map_or_else(String::new, |it| of_request(&it.command));
    format!("{} from {} to {}{runs}", plan.image.uri, plan.from, plan.to)
}

fn environment_snapshot(
    environment: Environment,
    observation: &EnvironmentObservation,
) -> Result<EnvironmentSnapshot, Refusal> {
    let (cluster, name) = (&observation.name.cluster, &observation.name.service);
    let service = observation.service.as_ref();
    let service = service.filter(|service| service.status() == Some("ACTIVE"));
    let service = service.ok_or_else(|| {
        format!("{environment}: cluster {cluster} has no ACTIVE service {name}. Check the stack's parameters.")
    })?;
    let group = observation.group.as_ref();
    let protocol = group.and_then(|group| group.protocol());
    Ok(EnvironmentSnapshot {
        environment,
        cluster: cluster.clone(),
        service: name.clone(),
        target_group: observation.target_group.clone(),
        protocol: protocol.map_or("HTTP", |it| it.as_str()).to_owned(),
        task_definition: service.task_definition().unwrap_or_default().to_owned(),
        desired: service.desired_count(),
        running: service.running_count(),
        digest: observation.digest().cloned(),
    })
}

/// Why there is nothing to release; a revision of the team's may differ in more than its image.
pub(super) fn already_live(plan: &ReleasePlan, same_build: bool) -> Option<String> {
    let (name, live) = match &plan.task_definition {
        Some(arn) => (arn.as_str(), *arn == plan.active.task_definition),
        None => {
            let digest = &plan.image.digest;
            let same = plan.active.digest.as_ref() == Some(digest);
            (digest.as_str(), same || same_build)
        }
    };
    (live && !plan.sync).then(|| format!("{name} is live in {} already", plan.from))
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
