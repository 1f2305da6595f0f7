//! The lookups behind the facts, each a call or two.

use super::fact::{Fact, patiently};
use super::names::{LogGroup, Secret, region_of};
use aws_sdk_applicationautoscaling as autoscaling;
use aws_sdk_cloudwatchlogs as logs;
use aws_sdk_elasticloadbalancingv2 as elb;
use aws_sdk_secretsmanager as secretsmanager;
use futures::future::join_all;
use shared::ecs::ServiceName;
use shared::{Environment, Error, PerEnvironment, pattern};
use std::collections::BTreeSet;

/// A target group's attributes, so far as they matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub sticky: bool,
    /// None: ELBv2 did not say.
    pub deregistration_seconds: Option<u32>,
}

/// Something that a revision names, and whether it exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NamedResource {
    pub name: String,
    pub exists: Fact<bool>,
}

pub(super) async fn attributes(client: &elb::Client, group: &str) -> Result<Attributes, Error> {
    let call = client.describe_target_group_attributes();
    let answer = call.target_group_arn(group).send().await;
    let output = answer.map_err(|error| {
        Error::from_sdk("elasticloadbalancing:DescribeTargetGroupAttributes", error)
    })?;
    let value = |key: &str| {
        let mut attributes = output.attributes().iter();
        attributes.find(|it| it.key() == Some(key))?.value()
    };
    let delay = value("deregistration_delay.timeout_seconds");
    Ok(Attributes {
        sticky: value("stickiness.enabled") == Some("true"),
        deregistration_seconds: delay.and_then(|seconds| seconds.parse().ok()),
    })
}

/// The most tasks that autoscaling gives each service; none where it does not scale it.
pub(super) async fn ceilings(
    client: &autoscaling::Client,
    services: &PerEnvironment<ServiceName>,
) -> Result<PerEnvironment<Option<i32>>, Error> {
    let id = |it: &ServiceName| format!("service/{}/{}", it.cluster, it.service);
    // A parameter may name one service for both; a finding says so.
    let once = BTreeSet::from(Environment::BOTH.map(|it| id(services.get(it))));
    let output = client
        .describe_scalable_targets()
        .service_namespace(autoscaling::types::ServiceNamespace::Ecs)
        .set_resource_ids(Some(once.into_iter().collect()))
        .send()
        .await
        .map_err(|error| {
            Error::from_sdk("application-autoscaling:DescribeScalableTargets", error)
        })?;
    let ceiling = |name: &ServiceName| {
        let mut targets = output.scalable_targets().iter();
        let target = targets.find(|target| target.resource_id() == id(name))?;
        Some(target.max_capacity())
    };
    Ok(PerEnvironment {
        blue: ceiling(&services.blue),
        green: ceiling(&services.green),
    })
}

pub(super) async fn log_groups(
    client: &logs::Client,
    groups: BTreeSet<LogGroup>,
) -> Vec<NamedResource> {
    let lookups = groups.into_iter().map(async |group| NamedResource {
        name: format!("log group {}", group.name),
        exists: match group.other_region {
            Some(region) => Err(format!("it is in Region {region}").into()),
            None => patiently(log_group_exists(client, &group.name)).await,
        },
    });
    join_all(lookups).await
}

async fn log_group_exists(client: &logs::Client, name: &str) -> Result<bool, Error> {
    let call = client.describe_log_groups().log_group_name_prefix(name);
    let answer = call.send().await;
    let output = answer.map_err(|error| Error::from_sdk("logs:DescribeLogGroups", error))?;
    let mut groups = output.log_groups().iter();
    Ok(groups.any(|group| group.log_group_name() == Some(name)))
}

/// Looks for the secrets that the function's role may describe (`allowed`, which may hold IAM's wildcards), in its own
/// Region.
pub(super) async fn secrets(
    client: &secretsmanager::Client,
    secrets: BTreeSet<Secret>,
    allowed: &[String],
    region: &str,
) -> Vec<NamedResource> {
    let lookups = secrets.into_iter().map(async |secret| match secret {
        Secret::Other(name) => NamedResource {
            name,
            exists: Err("only secrets of Secrets Manager can be looked up".into()),
        },
        Secret::Managed(arn) if region_of(&arn) != region => NamedResource {
            exists: Err(format!("it is in Region {}", region_of(&arn)).into()),
            name: arn,
        },
        Secret::Managed(arn) if !allowed.iter().any(|it| pattern::matches(it, &arn)) => {
            NamedResource {
                name: arn,
                exists: Err("it is not in the stack's parameter SecretArns".into()),
            }
        }
        Secret::Managed(arn) => NamedResource {
            exists: patiently(secret_exists(client, &arn)).await,
            name: format!("secret {arn}"),
        },
    });
    join_all(lookups).await
}

async fn secret_exists(client: &secretsmanager::Client, arn: &str) -> Result<bool, Error> {
    match client.describe_secret().secret_id(arn).send().await {
        // One that is being deleted cannot be read any more.
        Ok(secret) => Ok(secret.deleted_date().is_none()),
        Err(error) => match error.as_service_error() {
            Some(reason) if reason.is_resource_not_found_exception() => Ok(false),
            _ => Err(Error::from_sdk("secretsmanager:DescribeSecret", error)),
        },
    }
}

#[cfg(test)]
#[path = "lookups_tests.rs"]
mod tests;
