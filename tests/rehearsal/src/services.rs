//! Both services, as ECS and the load balancer show them.

use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use shared::Environment;
use std::time::{Duration, Instant};

/// A service is scaled within a second or two, on a busy machine later.
const SCALE_TIMEOUT: Duration = Duration::from_secs(300);

/// A service of the environment, so far as a release may change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub task_definition: String,
    pub desired: i32,
    /// Ids of its deployments.
    pub deployments: Vec<String>,
}

impl Stage {
    /// Both services, blue first.
    ///
    /// # Errors
    /// AWS does not answer, or a service is missing.
    pub async fn services(&self) -> Result<[Service; 2]> {
        Ok([
            self.ecs_service(Environment::Blue).await?,
            self.ecs_service(Environment::Green).await?,
        ])
    }

    /// How many tasks an environment wants.
    ///
    /// # Errors
    /// AWS does not answer, or the service is missing.
    pub async fn desired(&self, environment: Environment) -> Result<i32> {
        Ok(self.ecs_service(environment).await?.desired)
    }

    /// Changes how many tasks an environment runs, and waits until it does.
    ///
    /// # Errors
    /// AWS does not answer, the service is missing, or it does not run so many tasks within 5 minutes.
    pub async fn scale(&self, environment: Environment, tasks: i32) -> Result<()> {
        let (cluster, service) = self.service_names(environment)?;
        let call = self.aws.ecs().update_service().cluster(cluster);
        call.service(service).desired_count(tasks).send().await?;
        let began = Instant::now();
        while self.healthy(environment).await? != usize::try_from(tasks)? {
            ensure!(
                began.elapsed() < SCALE_TIMEOUT,
                "{environment} did not run {tasks} tasks within {SCALE_TIMEOUT:?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Whether the load balancer finds as many targets of both environments healthy as they want tasks.
    ///
    /// # Errors
    /// AWS does not answer, or a service is missing.
    pub async fn all_healthy(&self) -> Result<bool> {
        for environment in Environment::BOTH {
            let wanted = usize::try_from(self.desired(environment).await?)?;
            if self.healthy(environment).await? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many targets of an environment the load balancer finds healthy.
    ///
    /// # Errors
    /// AWS does not answer.
    pub async fn healthy(&self, environment: Environment) -> Result<usize> {
        let groups = self.target_groups()?;
        let call = self.aws.elb().describe_target_health();
        let targets = call
            .target_group_arn(groups.get(environment))
            .send()
            .await?;
        let states = targets.target_health_descriptions().iter();
        let states = states.filter_map(|it| it.target_health()?.state());
        Ok(states
            .filter(|state| **state == TargetHealthStateEnum::Healthy)
            .count())
    }

    async fn ecs_service(&self, environment: Environment) -> Result<Service> {
        let (cluster, service) = self.service_names(environment)?;
        let call = self.aws.ecs().describe_services().cluster(cluster);
        let output = call.services(service).send().await?;
        let service = output.services().first().context("no service")?;
        let deployments = service.deployments().iter();
        let ids = deployments.filter_map(|deployment| deployment.id());
        Ok(Service {
            task_definition: service.task_definition().unwrap_or_default().to_owned(),
            desired: service.desired_count(),
            deployments: ids.map(str::to_owned).collect(),
        })
    }

    /// Names of the environment's cluster and service.
    pub(crate) fn service_names(&self, environment: Environment) -> Result<(&str, &str)> {
        let name = match environment {
            Environment::Blue => "BlueServiceArn",
            Environment::Green => "GreenServiceArn",
        };
        let arn = self.environment.get(name).context("no service")?;
        let names = arn.rsplit_once(":service/");
        let names = names.and_then(|(_, names)| names.split_once('/'));
        names.with_context(|| format!("{arn} names no cluster"))
    }
}
