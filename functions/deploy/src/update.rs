//! Deploys a revision to the idle service, unless that has been done already.

use crate::answer::Answer;
use crate::decide::{ServiceUpdate, primary, service_update};
use crate::hidden::{Hidden, MASK};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::operation::update_service::UpdateServiceError;
use shared::ecs::{describe_tagged_revision, read_service};
use shared::{EnvironmentSnapshot, Error, ReleasePlan};

/// Brings the idle service to the revision, with as many tasks as active needs.
pub(crate) async fn update(
    ecs: &Client,
    plan: &ReleasePlan,
    task_definition: &str,
) -> Result<Answer, Error> {
    let (idle, active) = tokio::try_join!(
        Box::pin(read_service(ecs, &plan.idle)),
        Box::pin(read_service(ecs, &plan.active)),
    )?;
    let (deployment, desired, updated) = match service_update(&idle, &active, task_definition) {
        ServiceUpdate::Already {
            deployment,
            desired,
        } => (deployment, desired, false),
        ServiceUpdate::Needed { desired } => {
            let deployment = start_deployment(ecs, &plan.idle, task_definition, desired).await?;
            (deployment, desired, true)
        }
    };
    Ok(Answer::Updated {
        deployment,
        desired,
        updated,
    })
}

/// Starts the deployment and gives its id. Nothing else of the service changes.
async fn start_deployment(
    ecs: &Client,
    idle: &EnvironmentSnapshot,
    task_definition: &str,
    desired: i32,
) -> Result<String, Error> {
    let output = ecs
        .update_service()
        .cluster(&idle.cluster)
        .service(&idle.service)
        .task_definition(task_definition)
        .desired_count(desired)
        // Forced, so that a revision whose last deployment failed is tried anew.
        .force_new_deployment(true)
        .send()
        .await;
    let output = match output {
        Ok(output) => output,
        Err(error) => return Err(refused(ecs, task_definition, error).await),
    };
    let deployments = output.service().map(|service| service.deployments());
    primary(deployments.unwrap_or_default())
        .filter(|deployment| deployment.task_definition() == Some(task_definition))
        .and_then(|deployment| deployment.id().map(str::to_owned))
        .ok_or_else(|| {
            Error::UnexpectedAnswer(format!(
                "ecs:UpdateService gave no PRIMARY deployment of {task_definition}. Did someone else update {}?",
                idle.service
            ))
        })
}

/// Names a failed UpdateService, whose message may quote the revision. If that cannot be read, the message is hidden.
pub(crate) async fn refused(
    ecs: &Client,
    task_definition: &str,
    error: SdkError<UpdateServiceError>,
) -> Error {
    if error.message().is_none() {
        return Error::from_sdk("ecs:UpdateService", error);
    }
    let revision = describe_tagged_revision(ecs, task_definition).await;
    let hidden = revision.map(|revision| Hidden::of(&revision.content));
    Error::from_sdk_masked("ecs:UpdateService", error, |text| match &hidden {
        Ok(hidden) => hidden.mask(text),
        Err(_) => MASK.to_owned(),
    })
}
