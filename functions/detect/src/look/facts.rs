//! Gathers the facts that speak for or against a release, beside the live rules and the services: all at once.

use super::environments::Snapshot;
use super::fact::{Fact, patiently};
use super::lookups::{self, Attributes, NamedResource};
use super::names;
use super::observer::Observer;
use super::platforms::platforms;
use aws_sdk_ecs::types::TaskDefinition;
use futures::future::join;
use shared::alarms::{PreFlipCheck, PreFlipDecision};
use shared::ecs::describe_task_definition;
use shared::{Environment, Error, PerEnvironment, ReleasePlan};

#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The revision that the new one is made of; where the team names its own, that one.
    pub wanted: Fact<TaskDefinition>,
    /// The revision that idle runs now.
    pub idle: Fact<TaskDefinition>,
    pub attributes: PerEnvironment<Fact<Attributes>>,
    /// The most tasks that autoscaling gives a service; none where it does not scale it.
    pub ceilings: PerEnvironment<Fact<Option<i32>>>,
    /// What the new image is built for: `linux/amd64`, ...
    pub platforms: Fact<Vec<String>>,
    /// Whether the alarms would let traffic flip now.
    pub alarms: Fact<PreFlipCheck>,
    /// The log groups and secrets that the revision names.
    pub log_groups: Vec<NamedResource>,
    pub secrets: Vec<NamedResource>,
}

/// Looks everything up that matters to `plan`.
pub(crate) async fn gather_facts(
    observer: &Observer,
    snapshot: &Snapshot,
    plan: &ReleasePlan,
) -> Facts {
    let (active, idle) = (&plan.active.task_definition, &plan.idle.task_definition);
    let wanted = plan.task_definition.as_ref().unwrap_or(active);
    let (wanted, idle) = join(
        patiently(describe_task_definition(&observer.ecs, wanted)),
        patiently(describe_task_definition(&observer.ecs, idle)),
    )
    .await;
    let containers = wanted.as_ref().map(|it| it.container_definitions());
    let containers = containers.unwrap_or_default();
    let region = names::region_of(active);
    let log_groups = names::log_groups(containers, region);
    let secrets = names::secrets(containers);
    let environments = &snapshot.environments;
    let (ecr, repository) = (&observer.ecr, &observer.repository);
    let (attributes, ceilings, platforms, alarms, log_groups, secrets) = futures::join!(
        both(async |it| {
            lookups::attributes(&observer.elb, &environments.get(it).target_group).await
        }),
        both(async |it| {
            lookups::ceiling(&observer.autoscaling, &environments.get(it).name).await
        }),
        patiently(platforms(ecr, repository, &plan.image.digest)),
        patiently(alarms(observer, plan.to)),
        lookups::log_groups(&observer.logs, log_groups),
        lookups::secrets(&observer.secrets, secrets, &observer.secret_arns, region),
    );
    Facts {
        wanted,
        idle,
        attributes,
        ceilings,
        platforms,
        alarms,
        log_groups,
        secrets,
    }
}

async fn both<T>(lookup: impl AsyncFn(Environment) -> Result<T, Error>) -> PerEnvironment<Fact<T>> {
    let (blue, green) = join(
        patiently(lookup(Environment::Blue)),
        patiently(lookup(Environment::Green)),
    )
    .await;
    PerEnvironment { blue, green }
}

async fn alarms(observer: &Observer, to: Environment) -> Result<PreFlipCheck, Error> {
    match observer.alarms.states(&observer.cloudwatch, to).await {
        // A parameter names an alarm that CloudWatch does not know: the release would fail at its flip.
        Err(Error::NotFound(reason)) => Ok(PreFlipCheck {
            decision: PreFlipDecision::Refuse,
            reason,
            ignored: Vec::new(),
            warnings: Vec::new(),
        }),
        states => Ok(observer.alarms.check_before_flip(&states?, to)),
    }
}
