//! Gathers the facts that speak for or against a release, beside the live rules and the services: all at once.

use super::alarms::{RollbackAlarm, alarms};
use super::environments::Snapshot;
use super::fact::{Fact, patiently};
use super::listener_rules::{ListenerRule, listener_rules};
use super::lookups::{self, Attributes, NamedResource};
use super::manifest::Manifest;
use super::names;
use super::observer::Observer;
use super::platforms::platforms;
use futures::future::join;
use shared::alarms::PreFlipCheck;
use shared::ecs::{Revision, describe_revision};
use shared::{Environment, Error, PerEnvironment, ReleasePlan};
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The revision that the new one is made of; where the team names its own, that one.
    pub wanted: Fact<Revision>,
    /// The revision that idle runs now.
    pub idle: Fact<Revision>,
    pub attributes: PerEnvironment<Fact<Attributes>>,
    /// Every rule and default action of the load balancers that either target group is on.
    pub listener_rules: Fact<Vec<ListenerRule>>,
    /// The most tasks that autoscaling gives a service; none where it does not scale it.
    pub ceilings: PerEnvironment<Fact<Option<i32>>>,
    /// What the new image is built for: `linux/amd64`, ...
    pub platforms: Fact<Vec<String>>,
    /// Whether the alarms would let traffic flip now.
    pub alarms: Fact<PreFlipCheck>,
    /// The alarms that may flip the release back at any time.
    pub rollback_alarms: Fact<Vec<RollbackAlarm>>,
    /// The log groups and secrets that the revision names.
    pub log_groups: Vec<NamedResource>,
    pub secrets: Vec<NamedResource>,
}

/// Looks everything up that matters to `plan`; `manifest` is its image's.
pub(crate) async fn gather_facts(
    observer: &Observer,
    snapshot: &Snapshot,
    plan: &ReleasePlan,
    manifest: &Fact<Manifest>,
) -> Facts {
    let (wanted, idle) = revisions(observer, plan).await;
    let containers = wanted
        .as_ref()
        .map(|it| it.definition.container_definitions());
    let containers = containers.unwrap_or_default();
    let region = names::region_of(&plan.active.task_definition);
    let log_groups = names::log_groups(containers, region);
    let secrets = names::secrets(containers);
    let environments = &snapshot.environments;
    let (ecr, repository) = (&observer.ecr, &observer.repository);
    let (attributes, listener_rules, ceilings, platforms, alarms, log_groups, secrets) = futures::join!(
        both(async |it| {
            lookups::attributes(&observer.elb, &environments.get(it).target_group).await
        }),
        patiently(listener_rules(&observer.elb, load_balancers(snapshot))),
        both(async |it| {
            lookups::ceiling(&observer.autoscaling, &environments.get(it).name).await
        }),
        patiently(platforms(ecr, repository, manifest)),
        alarms(observer, plan.to),
        lookups::log_groups(&observer.logs, log_groups),
        lookups::secrets(&observer.secrets, secrets, &observer.secret_arns, region),
    );
    let (alarms, rollback_alarms) = alarms;
    Facts {
        wanted,
        idle,
        attributes,
        listener_rules,
        ceilings,
        platforms,
        alarms,
        rollback_alarms,
        log_groups,
        secrets,
    }
}

/// The revision that is wanted, and the one that idle runs now.
async fn revisions(observer: &Observer, plan: &ReleasePlan) -> (Fact<Revision>, Fact<Revision>) {
    let (active, idle) = (&plan.active.task_definition, &plan.idle.task_definition);
    let wanted = plan.task_definition.as_ref().unwrap_or(active);
    join(
        patiently(describe_revision(&observer.ecs, wanted)),
        patiently(describe_revision(&observer.ecs, idle)),
    )
    .await
}

/// ARNs of the load balancers that either target group is on.
fn load_balancers(snapshot: &Snapshot) -> BTreeSet<&str> {
    let groups = Environment::BOTH.map(|it| snapshot.environments.get(it).group.as_ref());
    let groups = groups.into_iter().flatten();
    let arns = groups.flat_map(|group| group.load_balancer_arns());
    arns.map(String::as_str).collect()
}

async fn both<T>(lookup: impl AsyncFn(Environment) -> Result<T, Error>) -> PerEnvironment<Fact<T>> {
    let (blue, green) = join(
        patiently(lookup(Environment::Blue)),
        patiently(lookup(Environment::Green)),
    )
    .await;
    PerEnvironment { blue, green }
}
