//! Whether the image can be released, and the plan for it.

use crate::migration;
use crate::request::Step;
use crate::world::{Found, FoundSide};
use shared::targets::healthy;
use shared::{Environment, Image, Plan, Side};

/// The release that is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub release: String,
    pub execution: String,
    pub image: Image,
    /// A revision that the team registered itself.
    pub task_definition: Option<String>,
    pub migration: Option<Step>,
    /// The container that is released.
    pub container: String,
    /// The image is the live one, for the idle environment.
    pub sync: bool,
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Release(Plan),
    /// There is nothing to release, and why.
    Skip(String),
    /// It must not be released now; the reason says what was found and what to do.
    Refuse(String),
}

/// Decides from what was found at one moment.
pub fn decide(found: &Found, wanted: &Wanted) -> Decision {
    match plan(found, wanted) {
        Err(reason) => Decision::Refuse(reason),
        Ok(plan) => match already_live(&plan) {
            Some(reason) => Decision::Skip(reason),
            None => Decision::Release(plan),
        },
    }
}

fn plan(found: &Found, wanted: &Wanted) -> Result<Plan, String> {
    let from = found.active.clone()?;
    let (active, idle) = (found.sides.get(from), found.sides.get(from.other()));
    if healthy(&active.targets) == 0 {
        return Err(format!(
            "active {from} has no healthy target (registered: {}), so a flip back would have nowhere to go. \
             Bring {from} back first, or point the rule at the environment that works.",
            active.targets.len()
        ));
    }
    let to = side(from.other(), idle)?;
    Ok(Plan {
        release: wanted.release.clone(),
        execution: wanted.execution.clone(),
        image: wanted.image.clone(),
        task_definition: wanted.task_definition.clone(),
        from,
        to: from.other(),
        active: side(from, active)?,
        migration: wanted
            .migration
            .as_ref()
            .map(|step| migration::task(step, idle, &wanted.container, &wanted.release)),
        idle: to,
        sync: wanted.sync,
        warnings: Vec::new(),
    })
}

fn side(environment: Environment, found: &FoundSide) -> Result<Side, String> {
    let (cluster, name) = (&found.name.cluster, &found.name.service);
    let service = found
        .service
        .as_ref()
        .filter(|service| service.status() == Some("ACTIVE"));
    let service = service.ok_or_else(|| {
        format!("{environment}: cluster {cluster} has no ACTIVE service {name}. Check the stack's parameters.")
    })?;
    let balanced: Vec<_> = service
        .load_balancers()
        .iter()
        .filter_map(|it| it.target_group_arn())
        .collect();
    if !balanced.contains(&found.target_group.as_str()) {
        return Err(format!(
            "{environment}: service {name} registers its tasks in {balanced:?}, expected {}. \
             Give the service the environment's target group.",
            found.target_group
        ));
    }
    attached(environment, found)?;
    Ok(Side {
        environment,
        cluster: cluster.clone(),
        service: name.clone(),
        target_group: found.target_group.clone(),
        protocol: found
            .group
            .as_ref()
            .and_then(|it| it.protocol())
            .map_or("HTTP", |it| it.as_str())
            .to_owned(),
        task_definition: service.task_definition().unwrap_or_default().to_owned(),
        desired: service.desired_count(),
        running: service.running_count(),
        digest: match found.digests.as_slice() {
            [digest] => Some(digest.clone()),
            _ => None,
        },
    })
}

/// A target group that no rule uses is never health-checked, so its targets could not be proven.
fn attached(environment: Environment, found: &FoundSide) -> Result<(), String> {
    let on_a_rule = found
        .group
        .as_ref()
        .is_some_and(|group| !group.load_balancer_arns().is_empty());
    let unused = found
        .targets
        .iter()
        .any(|target| target.state == "unused" && target.reason == "Target.NotInUse");
    if on_a_rule && !unused {
        return Ok(());
    }
    Err(format!(
        "{environment}: target group {} is on no rule (unused), so the load balancer does not check its targets. \
         Keep it on a rule of its own, for example one by header.",
        found.target_group
    ))
}

/// Why there is nothing to release; a revision of the team's may differ in more than its image.
fn already_live(plan: &Plan) -> Option<String> {
    let from = plan.from;
    if plan.sync {
        return None;
    }
    match &plan.task_definition {
        Some(arn) => (*arn == plan.active.task_definition)
            .then(|| format!("{arn} is live in {from} already")),
        None => (plan.active.digest.as_deref() == Some(plan.image.digest.as_str()))
            .then(|| format!("{} is live in {from} already", plan.image.digest)),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
