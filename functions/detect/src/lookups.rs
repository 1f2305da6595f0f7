//! The looks behind the facts, each a call or two.

use crate::facts::{
    Attributes, Looked, Looker, Secret, log_groups, patiently, region_of, secrets, told,
};
use crate::world::ServiceName;
use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use aws_sdk_ecs::types::TaskDefinition;
use futures::future::join_all;
use shared::Error;

impl Looker {
    pub async fn definition(&self, arn: &str) -> Looked<TaskDefinition> {
        let call = self.ecs.describe_task_definition().task_definition(arn);
        let output = call.send().await;
        let output = told(output.map_err(|e| Error::from_sdk("ecs:DescribeTaskDefinition", e)))?;
        output
            .task_definition
            .ok_or_else(|| format!("ECS does not know {arn}"))
    }

    pub async fn attributes(&self, group: &str) -> Looked<Attributes> {
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

    pub async fn ceiling(&self, name: &ServiceName) -> Looked<Option<i32>> {
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

    pub async fn log_groups(
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
                None => patiently(self.log_group(&group.name)).await,
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

    pub async fn secrets(
        &self,
        wanted: &Looked<TaskDefinition>,
        region: &str,
    ) -> Vec<(String, Looked<bool>)> {
        let secrets = wanted.as_ref().map(secrets).unwrap_or_default();
        let looks = secrets.into_iter().map(async |secret| match secret {
            Secret::Other(name) => (
                name,
                Err("only secrets of Secrets Manager are looked for".to_owned()),
            ),
            Secret::Managed(arn) if region_of(&arn) != region => {
                let reason = format!("it is in Region {}", region_of(&arn));
                (arn, Err(reason))
            }
            Secret::Managed(arn) if self.secret_arns.contains(&arn) => {
                let looked = patiently(self.secret(&arn)).await;
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
