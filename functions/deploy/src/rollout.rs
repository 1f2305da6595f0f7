//! Gathers what ECS and the load balancer say about the idle service.

use crate::decide::Rollout;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{DesiredStatus, Service, Task};
use shared::targets::target_health;
use shared::{Error, Side};

/// DescribeTasks takes at most this many tasks in a call (ECS API reference).
const TASKS_PER_CALL: usize = 100;

/// Reads the service of one side.
pub async fn service(ecs: &Client, side: &Side) -> Result<Service, Error> {
    let call = ecs
        .describe_services()
        .cluster(&side.cluster)
        .services(&side.service)
        .send();
    let output = call
        .await
        .map_err(|e| Error::from_sdk("ecs:DescribeServices", e))?;
    output
        .services
        .and_then(|services| services.into_iter().next())
        .ok_or_else(|| {
            Error::NotFound(format!(
                "cluster {} has no service {} any more",
                side.cluster, side.service
            ))
        })
}

/// Reads all that decides whether the side's deployment is steady.
pub async fn rollout(
    ecs: &Client,
    elb: &aws_sdk_elasticloadbalancingv2::Client,
    side: &Side,
) -> Result<Rollout, Error> {
    let service = service(ecs, side).await?;
    Ok(Rollout {
        events: service
            .events()
            .iter()
            .filter_map(|event| event.message().map(str::to_owned))
            .collect(),
        deployments: service.deployments.unwrap_or_default(),
        running: tasks(ecs, side, DesiredStatus::Running).await?,
        stopped: tasks(ecs, side, DesiredStatus::Stopped).await?,
        // A draining target belongs to a task that is on its way out; it says nothing about the new ones.
        targets: target_health(elb, &side.target_group)
            .await?
            .into_iter()
            .filter(|target| !target.is_draining())
            .collect(),
    })
}

async fn tasks(ecs: &Client, side: &Side, status: DesiredStatus) -> Result<Vec<Task>, Error> {
    let list = ecs
        .list_tasks()
        .cluster(&side.cluster)
        .service_name(&side.service)
        .desired_status(status);
    let mut pages = list.into_paginator().items().send();
    let mut arns = Vec::new();
    while let Some(arn) = pages.next().await {
        arns.push(arn.map_err(|e| Error::from_sdk("ecs:ListTasks", e))?);
    }
    described(ecs, &side.cluster, &arns).await
}

/// Reads tasks by their ARNs.
pub async fn described(ecs: &Client, cluster: &str, arns: &[String]) -> Result<Vec<Task>, Error> {
    let mut tasks = Vec::new();
    for page in arns.chunks(TASKS_PER_CALL) {
        let call = ecs
            .describe_tasks()
            .cluster(cluster)
            .set_tasks(Some(page.to_vec()))
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("ecs:DescribeTasks", e))?;
        tasks.extend(output.tasks.unwrap_or_default());
    }
    Ok(tasks)
}
