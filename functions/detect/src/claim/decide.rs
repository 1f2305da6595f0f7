//! Decides whether an image can be released, and on which plan. Pure: from what was observed at one moment.

use crate::look::{EnvironmentObservation, Snapshot};
use crate::request::{ExecutionRequest, Request};
use crate::task::Execution;
use shared::targets::healthy_count;
use shared::{Environment, EnvironmentSnapshot, Image, Refusal, ReleasePlan};

/// What to do about a request that may be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Release(ReleasePlan),
    /// There is nothing to release, and why.
    Skip(String),
}

/// Decides about `image`, which is the live one for a sync. Refuses what must not be released now.
pub(super) fn decide(
    snapshot: &Snapshot,
    requested: &ExecutionRequest,
    execution: &Execution,
    image: Image,
) -> Result<Decision, Refusal> {
    let from = snapshot.active.clone()?;
    let to = from.other();
    let active = snapshot.environments.get(from);
    if healthy_count(&active.targets) == 0 {
        return Err(Refusal::from(format!(
            "active {from} has no healthy target (registered: {}), so a flip back would find none. \
             Make {from} healthy first, or point the rule at the environment that works.",
            active.targets.len()
        )));
    }
    let task_definition = if let Request::TaskDefinition(arn) = &requested.request {
        Some(arn.clone())
    } else {
        None
    };
    let plan = ReleasePlan {
        release: execution.name.clone(),
        execution: execution.arn.clone(),
        image,
        task_definition,
        from,
        to,
        idle: environment_snapshot(to, snapshot.environments.get(to))?,
        active: environment_snapshot(from, active)?,
        sync: requested.is_sync(),
        migration: None,
        warnings: Vec::new(),
    };
    Ok(match already_live(&plan) {
        Some(reason) => Decision::Skip(reason),
        None => Decision::Release(plan),
    })
}

/// What a plan does, for a person.
pub(super) fn describe(plan: &ReleasePlan) -> String {
    format!("{} from {} to {}", plan.image.uri, plan.from, plan.to)
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
    let balancers = service.load_balancers().iter();
    let groups: Vec<_> = balancers.filter_map(|it| it.target_group_arn()).collect();
    if !groups.contains(&observation.target_group.as_str()) {
        return Err(Refusal::from(format!(
            "{environment}: service {name} registers its tasks in {groups:?}, expected {}. \
             Give the service the environment's target group.",
            observation.target_group
        )));
    }
    require_rule(environment, observation)?;
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

/// A target group that no rule uses is never health-checked, so its targets could not be proven.
fn require_rule(
    environment: Environment,
    observation: &EnvironmentObservation,
) -> Result<(), Refusal> {
    let group = observation.group.as_ref();
    let on_a_rule = group.is_some_and(|group| !group.load_balancer_arns().is_empty());
    let mut targets = observation.targets.iter();
    if on_a_rule && !targets.any(|target| target.is_not_in_use()) {
        return Ok(());
    }
    Err(Refusal::from(format!(
        "{environment}: target group {} is on no rule (unused), so the load balancer does not check its targets. \
         Keep it on a rule of its own, for example one by header.",
        observation.target_group
    )))
}

/// Why there is nothing to release; a revision of the team's may differ in more than its image.
fn already_live(plan: &ReleasePlan) -> Option<String> {
    let (name, live) = match &plan.task_definition {
        Some(arn) => (arn.as_str(), *arn == plan.active.task_definition),
        None => {
            let digest = &plan.image.digest;
            (digest.as_str(), plan.active.digest.as_ref() == Some(digest))
        }
    };
    (live && !plan.sync).then(|| format!("{name} is live in {} already", plan.from))
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
