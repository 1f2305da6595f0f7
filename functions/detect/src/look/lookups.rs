//! The lookups behind the facts, each a call or two.

use super::fact::{Fact, Unknown, patiently};
use super::names::{LogGroup, Secret, region_of};
use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use futures::future::join_all;
use shared::Error;
use shared::ecs::ServiceName;
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

pub(super) async fn attributes(
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    target_group: &str,
) -> Result<Attributes, Error> {
    let output = elb
        .describe_target_group_attributes()
        .target_group_arn(target_group)
        .send()
        .await
        .map_err(|error| {
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

/// The most tasks that autoscaling gives a service; none where it does not scale it.
pub(super) async fn ceiling(
    autoscaling: &aws_sdk_applicationautoscaling::Client,
    name: &ServiceName,
) -> Result<Option<i32>, Error> {
    let output = autoscaling
        .describe_scalable_targets()
        .service_namespace(ServiceNamespace::Ecs)
        .resource_ids(format!("service/{}/{}", name.cluster, name.service))
        .send()
        .await
        .map_err(|error| {
            Error::from_sdk("application-autoscaling:DescribeScalableTargets", error)
        })?;
    let target = output.scalable_targets().first();
    Ok(target.map(|target| target.max_capacity()))
}

pub(super) async fn log_groups(
    logs: &aws_sdk_cloudwatchlogs::Client,
    groups: BTreeSet<LogGroup>,
) -> Vec<NamedResource> {
    let lookups = groups.into_iter().map(async |group| NamedResource {
        name: format!("log group {}", group.name),
        exists: match &group.other_region {
            Some(region) => Err(Unknown::from(format!("it is in Region {region}"))),
            None => patiently(log_group_exists(logs, &group.name)).await,
        },
    });
    join_all(lookups).await
}

async fn log_group_exists(
    logs: &aws_sdk_cloudwatchlogs::Client,
    name: &str,
) -> Result<bool, Error> {
    let output = logs
        .describe_log_groups()
        .log_group_name_prefix(name)
        .send()
        .await
        .map_err(|error| Error::from_sdk("logs:DescribeLogGroups", error))?;
    let mut groups = output.log_groups().iter();
    Ok(groups.any(|group| group.log_group_name() == Some(name)))
}

/// Looks for the secrets that the function's role may describe (`allowed`), in its own Region.
pub(super) async fn secrets(
    manager: &aws_sdk_secretsmanager::Client,
    secrets: BTreeSet<Secret>,
    allowed: &[String],
    region: &str,
) -> Vec<NamedResource> {
    let unknown = |name, reason: String| NamedResource {
        name,
        exists: Err(Unknown::from(reason)),
    };
    let lookups = secrets.into_iter().map(async |secret| match secret {
        Secret::Other(name) => {
            let reason = "only secrets of Secrets Manager can be looked up";
            unknown(name, reason.to_owned())
        }
        Secret::Managed(arn) if region_of(&arn) != region => {
            let reason = format!("it is in Region {}", region_of(&arn));
            unknown(arn, reason)
        }
        Secret::Managed(arn) if !allowed.contains(&arn) => {
            let reason = "it is not in the stack's parameter SecretArns";
            unknown(arn, reason.to_owned())
        }
        Secret::Managed(arn) => NamedResource {
            exists: patiently(secret_exists(manager, &arn)).await,
            name: format!("secret {arn}"),
        },
    });
    join_all(lookups).await
}

async fn secret_exists(manager: &aws_sdk_secretsmanager::Client, arn: &str) -> Result<bool, Error> {
    match manager.describe_secret().secret_id(arn).send().await {
        // One that is being deleted cannot be read any more.
        Ok(secret) => Ok(secret.deleted_date().is_none()),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|e| e.is_resource_not_found_exception()) =>
        {
            Ok(false)
        }
        Err(error) => Err(Error::from_sdk("secretsmanager:DescribeSecret", error)),
    }
}
