//! Sets the number of tasks of the idle service again, while our deployment is there.

use crate::answer::Answer;
use crate::decide::lacks_tasks;
use crate::update::refused;
use aws_sdk_ecs::Client;
use shared::ecs::read_service;
use shared::{EnvironmentSnapshot, Error};

/// Brings the idle service to as many tasks as our deployment began with; never to fewer than it wants.
///
/// The count alone starts no new deployment, so the smoke test that has passed still holds.
pub(crate) async fn scale(
    ecs: &Client,
    idle: &EnvironmentSnapshot,
    deployment: &str,
    desired: i32,
) -> Result<Answer, Error> {
    let service = read_service(ecs, idle).await?;
    if !lacks_tasks(&service, deployment, desired) {
        return Ok(Answer::Scaled {
            desired: service.desired_count(),
            scaled: false,
        });
    }
    let update = ecs
        .update_service()
        .cluster(&idle.cluster)
        .service(&idle.service)
        .desired_count(desired)
        .send()
        .await;
    if let Err(error) = update {
        let task_definition = service.task_definition().unwrap_or_default();
        return Err(refused(ecs, task_definition, error).await);
    }
    Ok(Answer::Scaled {
        desired,
        scaled: true,
    })
}
