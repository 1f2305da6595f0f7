//! What AWS tells beside the live rules and the services: facts that speak for or against a release.
//!
//! Each is looked up by itself, all at once. One that cannot be had does not stop a release: it becomes a finding that
//! says so.

mod names;

use crate::images::Images;
use crate::world::{Found, ServiceName};
use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_ecs::types::TaskDefinition;
use futures::future::{join, join_all};
use names::{Secret, log_groups, secrets};
use shared::alarms::{Alarm, Alarms};
use shared::{Environment, Error, PerEnvironment, Plan};

/// A fact, or why it could not be had.
pub type Looked<T> = Result<T, String>;

/// Everything that was looked up.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The revision that the new one is made of; where the team names its own, that one.
    pub wanted: Looked<TaskDefinition>,
    /// The revision that idle runs now.
    pub idle: Looked<TaskDefinition>,
    pub attributes: PerEnvironment<Looked<Attributes>>,
    /// The most tasks that autoscaling gives a service, if it scales it at all.
    pub ceilings: PerEnvironment<Looked<Option<i32>>>,
    /// What the new image is built for: `linux/amd64`, ...
    pub platforms: Looked<Vec<String>>,
    pub alarms: Looked<Vec<Alarm>>,
    /// Who judges the alarms.
    pub judge: Alarms,
    /// Whether each exists that the revision names.
    pub log_groups: Vec<(String, Looked<bool>)>,
    pub secrets: Vec<(String, Looked<bool>)>,
}

/// A target group's attributes, so far as they matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    pub sticky: bool,
    pub deregistration_seconds: Option<u32>,
}

/// The clients and names with which to look.
pub struct Looker {
    pub autoscaling: aws_sdk_applicationautoscaling::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
    pub alarms: Alarms,
    /// The secrets that this function may look for.
    pub secret_arns: Vec<String>,
}

impl Looker {
    /// Looks everything up that matters to `plan`.
    pub async fn look(&self, images: &Images, found: &Found, plan: &Plan) -> Facts {
        let own = plan.task_definition.as_ref();
        let (wanted, idle) = join(
            self.definition(own.unwrap_or(&plan.active.task_definition)),
            self.definition(&plan.idle.task_definition),
        )
        .await;
        let region = region_of(&plan.active.task_definition);
        let (attributes, ceilings, platforms, alarms, (log_groups, secrets)) = futures::join!(
            self.both(async |it| self.attributes(&found.sides.get(it).target_group).await),
            self.both(async |it| self.ceiling(&found.sides.get(it).name).await),
            images.platforms(&plan.image.digest),
            self.alarms.look(&self.cloudwatch, plan.to),
            join(self.log_groups(&wanted, region), self.secrets(&wanted)),
        );
        Facts {
            wanted,
            idle,
            attributes,
            ceilings,
            platforms: told(platforms).and_then(|it| it),
            alarms: told(alarms),
            judge: self.alarms.clone(),
            log_groups,
            secrets,
        }
    }

    async fn both<T>(
        &self,
        look: impl AsyncFn(Environment) -> Looked<T>,
    ) -> PerEnvironment<Looked<T>> {
        let (blue, green) = join(look(Environment::Blue), look(Environment::Green)).await;
        PerEnvironment { blue, green }
    }

    async fn definition(&self, arn: &str) -> Looked<TaskDefinition> {
        let call = self.ecs.describe_task_definition().task_definition(arn);
        let output = call.send().await;
        let output = told(output.map_err(|e| Error::from_sdk("ecs:DescribeTaskDefinition", e)))?;
        output
            .task_definition
            .ok_or_else(|| format!("ECS does not know {arn}"))
    }

    async fn attributes(&self, group: &str) -> Looked<Attributes> {
        let call = self
            .elb
            .describe_target_group_attributes()
            .target_group_arn(group);
        let output = call.send().await;
        let output = told(output.map_err(|e| {
            Error::from_sdk("elasticloadbalancing:DescribeTargetGroupAttributes", e)
        }))?;
        let value = |key: &str| {
            let found = output.attributes().iter().find(|it| it.key() == Some(key));
            found.and_then(|it| it.value())
        };
        let delay = value("deregistration_delay.timeout_seconds");
        Ok(Attributes {
            sticky: value("stickiness.enabled") == Some("true"),
            deregistration_seconds: delay.and_then(|it| it.parse().ok()),
        })
    }

    async fn ceiling(&self, name: &ServiceName) -> Looked<Option<i32>> {
        let call = self.autoscaling.describe_scalable_targets();
        let call = call.service_namespace(ServiceNamespace::Ecs);
        let call = call.resource_ids(format!("service/{}/{}", name.cluster, name.service));
        let output = call.send().await;
        let output =
            told(output.map_err(|e| {
                Error::from_sdk("application-autoscaling:DescribeScalableTargets", e)
            }))?;
        Ok(output
            .scalable_targets()
            .first()
            .map(|it| it.max_capacity()))
    }

    async fn log_groups(
        &self,
        wanted: &Looked<TaskDefinition>,
        region: &str,
    ) -> Vec<(String, Looked<bool>)> {
        let groups = wanted
            .as_ref()
            .map(|it| log_groups(it, region))
            .unwrap_or_default();
        let looks = groups.into_iter().map(async |group| {
            let looked = match &group.elsewhere {
                Some(reason) => Err(reason.clone()),
                None => self.log_group(&group.name).await,
            };
            (format!("log group {}", group.name), looked)
        });
        join_all(looks).await
    }

    async fn log_group(&self, name: &str) -> Looked<bool> {
        let call = self.logs.describe_log_groups().log_group_name_prefix(name);
        let output = call.send().await;
        let output = told(output.map_err(|e| Error::from_sdk("logs:DescribeLogGroups", e)))?;
        Ok(output
            .log_groups()
            .iter()
            .any(|it| it.log_group_name() == Some(name)))
    }

    async fn secrets(&self, wanted: &Looked<TaskDefinition>) -> Vec<(String, Looked<bool>)> {
        let secrets = wanted.as_ref().map(secrets).unwrap_or_default();
        let looks = secrets.into_iter().map(async |secret| match secret {
            Secret::Other(name) => (
                name,
                Err("only secrets of Secrets Manager are looked for".to_owned()),
            ),
            Secret::Managed(arn) if self.secret_arns.contains(&arn) => {
                let looked = self.secret(&arn).await;
                (format!("secret {arn}"), looked)
            }
            Secret::Managed(arn) => (
                arn,
                Err("it is not in the stack's parameter SecretArns".to_owned()),
            ),
        });
        join_all(looks).await
    }

    async fn secret(&self, arn: &str) -> Looked<bool> {
        match self.secrets.describe_secret().secret_id(arn).send().await {
            // One that is being deleted cannot be read any more.
            Ok(secret) => Ok(secret.deleted_date().is_none()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_resource_not_found_exception()) =>
            {
                Ok(false)
            }
            Err(error) => told(Err(Error::from_sdk("secretsmanager:DescribeSecret", error))),
        }
    }
}

/// What an error says, where it is no error but a fact that is not known.
pub fn told<T>(result: Result<T, Error>) -> Looked<T> {
    result.map_err(|error| error.to_string())
}

/// `arn:PARTITION:ecs:REGION:...`
fn region_of(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}
