//! A service in blue on the local ECS, as its operator and its customers see it.

use anyhow::{Context, Result, bail, ensure};
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, DesiredStatus, Service, Task};
use project::template;
use rehearsal::aws::{Aws, http_client};
use rehearsal::engine::Engine;
use rehearsal::server::Server;
use rehearsal::stack::{self, Values};
use reqwest::Client;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ACCOUNT: &str = "100000000077";
pub const HOST: &str = "100000000077.dkr.ecr.eu-west-1.amazonaws.com";
pub const STACK: &str = "shop";

/// Nothing below takes longer on the local AWS; it takes about a second or two, on a busy machine more.
const TIMEOUT: Duration = Duration::from_secs(120);

/// A service in blue on the local AWS.
pub struct Shop {
    pub aws: Aws,
    pub outputs: Values,
}

impl Shop {
    pub async fn open(server: &Server, engine: &Engine) -> Result<Shop> {
        let aws = Aws::new(&server.endpoint, ACCOUNT);
        let call = aws.ecr().create_repository().repository_name("shop");
        call.send().await?;
        for tag in ["v1.0.0", "v1.1.0", "v1.1.0-crash", "v1.1.0-unhealthy"] {
            engine.registry.push(&aws, "shop", tag).await?;
        }
        let environment = project::root().join("tests/rehearsal/environment.yaml");
        let parameters = [("RepositoryName", "shop"), ("ImageTag", "v1.0.0")];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let file = template::load(&environment)?;
        let outputs = stack::deploy(&aws, STACK, &file, &parameters.into()).await?;
        Ok(Shop { aws, outputs })
    }

    pub async fn blue(&self) -> Result<Service> {
        let call = self.aws.ecs().describe_services().cluster("shop-blue");
        let services = call.services("api").send().await?.services;
        let service = services.and_then(|services| services.into_iter().next());
        service.context("no service")
    }

    /// Rolls blue to `image` and waits; gives the end of the deployment, and its reason.
    pub async fn rolled(&self, image: &str) -> Result<(DeploymentRolloutState, String)> {
        let id = self.roll(image).await?;
        self.ended(&id).await
    }

    /// Rolls blue to a revision with `image`, and gives the id of the deployment.
    async fn roll(&self, image: &str) -> Result<String> {
        let ecs = self.aws.ecs();
        let service = self.blue().await?;
        let arn = service.task_definition().unwrap_or_default();
        let found = ecs.describe_task_definition().task_definition(arn);
        let found = found.send().await?.task_definition.context("none")?;
        let mut container = found.container_definitions()[0].clone();
        container.image = Some(format!("{HOST}/{image}"));
        let call = ecs
            .register_task_definition()
            .family(found.family().unwrap_or_default())
            .set_network_mode(found.network_mode().cloned())
            .set_requires_compatibilities(found.requires_compatibilities.clone())
            .set_cpu(found.cpu.clone())
            .set_memory(found.memory.clone())
            .container_definitions(container);
        let new = call.send().await?.task_definition.context("none")?;
        let call = ecs.update_service().cluster("shop-blue").service("api");
        let call = call.task_definition(new.task_definition_arn().unwrap_or_default());
        // Tasks that are unhealthy are replaced a second after their start, on the local clock.
        let call = call.health_check_grace_period_seconds(10);
        let updated = call.send().await?.service.context("no service")?;
        let newest = primary(&updated).context("no deployment")?;
        ensure!(newest.rollout_state() == Some(&DeploymentRolloutState::InProgress));
        Ok(newest.id().unwrap_or_default().to_owned())
    }

    /// Waits until the deployment has ended and the service is at rest; gives the end of the deployment.
    ///
    /// The rest matters: the local ECS rolls back to a deployment that is COMPLETED only. With none, which is so
    /// while an earlier rollback is under way, the next failure leaves the service without a task.
    async fn ended(&self, id: &str) -> Result<(DeploymentRolloutState, String)> {
        let (began, mut end) = (Instant::now(), None);
        while began.elapsed() < TIMEOUT {
            let service = self.blue().await?;
            let ours = service
                .deployments()
                .iter()
                .find(|deployment| deployment.id() == Some(id));
            if let Some(ours) = ours
                && let Some(state) = ours.rollout_state()
                && *state != DeploymentRolloutState::InProgress
            {
                let reason = ours.rollout_state_reason().unwrap_or_default();
                end = Some((state.clone(), reason.to_owned()));
            }
            let newest = primary(&service).and_then(Deployment::rollout_state);
            if newest == Some(&DeploymentRolloutState::Completed)
                && let Some(end) = end
            {
                return Ok(end);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("deployment {id} did not end: {:?}", self.blue().await?)
    }

    /// The digests of the tasks that run in blue.
    pub async fn digests(&self) -> Result<Vec<String>> {
        let ecs = self.aws.ecs();
        let call = ecs.list_tasks().cluster("shop-blue").service_name("api");
        let arns = call.send().await?.task_arns;
        let call = ecs.describe_tasks().cluster("shop-blue").set_tasks(arns);
        let tasks = call.send().await?.tasks.unwrap_or_default();
        let digest = |task: &Task| {
            let container = task.containers().first()?;
            Some(container.image_digest()?.to_owned())
        };
        Ok(tasks.iter().filter_map(digest).collect())
    }

    /// Why tasks of blue stopped.
    pub async fn stopped_reasons(&self) -> Result<Vec<String>> {
        let ecs = self.aws.ecs();
        let call = ecs.list_tasks().cluster("shop-blue").service_name("api");
        let call = call.desired_status(DesiredStatus::Stopped);
        let arns = call.send().await?.task_arns;
        let call = ecs.describe_tasks().cluster("shop-blue").set_tasks(arns);
        let tasks = call.send().await?.tasks.unwrap_or_default();
        let reasons = tasks.into_iter().filter_map(|task| task.stopped_reason);
        Ok(reasons.collect())
    }

    /// The addresses of blue's targets, with their states.
    pub async fn targets(&self) -> Result<Vec<(String, String)>> {
        let elb = self.aws.elb();
        let call = elb.describe_target_health();
        let call = call.target_group_arn(&self.outputs["BlueTargetGroupArn"]);
        let found = call.send().await?.target_health_descriptions;
        let targets = found.into_iter().flatten().filter_map(|health| {
            let state = health.target_health?.state?;
            Some((health.target?.id?, state.to_string()))
        });
        Ok(targets.collect())
    }

    /// Sends a request through the load balancer: status and version of the answer.
    async fn request(&self, client: &Client) -> Result<(u16, String)> {
        let call = client.get(format!("{}/api/v1/orders", self.aws.endpoint));
        let call = call.header("host", format!("{STACK}-alb.alb.localhost"));
        let call = call.header("authorization", self.aws.authorization("elb"));
        let answer = call.send().await?;
        let version = answer.headers().get("x-version");
        let version = version.and_then(|value| value.to_str().ok()).unwrap_or("-");
        Ok((answer.status().as_u16(), version.to_owned()))
    }

    /// Waits until `version` answers.
    pub async fn answers(&self, version: &str) -> Result<()> {
        let (client, began) = (http_client(), Instant::now());
        while began.elapsed() < TIMEOUT {
            if self.request(&client).await? == (200, version.to_owned()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!(
            "expected {version}, found {:?}",
            self.request(&client).await
        )
    }
}

fn primary(service: &Service) -> Option<&Deployment> {
    let mut all = service.deployments().iter();
    all.find(|deployment| deployment.status() == Some("PRIMARY"))
}

/// Sends requests without a pause until it has to stop; counts the answers, and gives those that were not good.
pub async fn customer(
    shop: Arc<Shop>,
    stop: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
) -> Vec<String> {
    let (client, mut failed) = (http_client(), Vec::new());
    while !stop.load(Ordering::Relaxed) {
        match shop.request(&client).await {
            Ok((200, _)) => {}
            other => failed.push(format!("{other:?}")),
        }
        answers.fetch_add(1, Ordering::Relaxed);
    }
    failed
}
