//! Gathers the facts that speak for or against a release, beside the live rules and the services.
//!
//! Each is looked up by itself, all at once. One that is not known does not stop a release: it becomes a finding that
//! says so.

use super::environments::Snapshot;
use super::fact::{Fact, patiently};
use super::lookups::{self, Attributes, NamedResource};
use super::names;
use super::platforms::platforms;
use super::repository::Repository;
use aws_sdk_ecs::types::TaskDefinition;
use futures::future::join;
use shared::alarms::{AlarmPolicy, AlarmState};
use shared::ecs::describe_task_definition;
use shared::{Environment, Error, PerEnvironment, Refusal, ReleasePlan};

/// Everything that was looked up.
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
    pub alarms: Fact<AlarmObservation>,
    /// What judges the alarms.
    pub alarm_policy: AlarmPolicy,
    /// The log groups and secrets that the revision names.
    pub log_groups: Vec<NamedResource>,
    pub secrets: Vec<NamedResource>,
}

/// The team's alarms and the stack's own.
#[derive(Clone, Debug)]
pub(crate) enum AlarmObservation {
    States(Vec<AlarmState>),
    /// A parameter names an alarm that CloudWatch does not know: the release would fail at its flip.
    Missing(Refusal),
}

/// The clients and names with which facts are looked up.
pub(crate) struct FactReader {
    pub autoscaling: aws_sdk_applicationautoscaling::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
    pub alarms: AlarmPolicy,
    /// The secrets that this function may look for.
    pub secret_arns: Vec<String>,
}

/// Looks everything up that matters to `plan`.
pub(crate) async fn gather_facts(
    reader: &FactReader,
    repository: &Repository,
    snapshot: &Snapshot,
    plan: &ReleasePlan,
) -> Facts {
    let named = plan.task_definition.as_ref();
    let (wanted, idle) = join(
        patiently(describe_task_definition(
            &reader.ecs,
            named.unwrap_or(&plan.active.task_definition),
        )),
        patiently(describe_task_definition(
            &reader.ecs,
            &plan.idle.task_definition,
        )),
    )
    .await;
    let environments = &snapshot.environments;
    let (attributes, ceilings, platforms, alarms, (log_groups, secrets)) = futures::join!(
        both(async |it| {
            lookups::attributes(&reader.elb, &environments.get(it).target_group).await
        }),
        both(async |it| {
            lookups::ceiling(&reader.autoscaling, &environments.get(it).name).await
        }),
        patiently(platforms(repository, &plan.image.digest)),
        patiently(alarms(reader, plan.to)),
        named_resources(reader, wanted.as_ref().ok(), &plan.active.task_definition),
    );
    Facts {
        wanted,
        idle,
        attributes,
        ceilings,
        platforms,
        alarms,
        alarm_policy: reader.alarms.clone(),
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

async fn alarms(reader: &FactReader, to: Environment) -> Result<AlarmObservation, Error> {
    match reader.alarms.states(&reader.cloudwatch, to).await {
        Err(Error::NotFound(reason)) => Ok(AlarmObservation::Missing(Refusal::from(reason))),
        states => Ok(AlarmObservation::States(states?)),
    }
}

/// The log groups and the secrets of a revision, in the Region of the revision `active`.
async fn named_resources(
    reader: &FactReader,
    wanted: Option<&TaskDefinition>,
    active: &str,
) -> (Vec<NamedResource>, Vec<NamedResource>) {
    let Some(definition) = wanted else {
        return (Vec::new(), Vec::new());
    };
    let region = names::region_of(active);
    let (log_groups, secrets) = (
        names::log_groups(definition, region),
        names::secrets(definition),
    );
    join(
        lookups::log_groups(&reader.logs, log_groups),
        lookups::secrets(&reader.secrets, secrets, &reader.secret_arns, region),
    )
    .await
}
