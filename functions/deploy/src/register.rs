//! Registers the revision that a release runs, unless it is there already. The preview uses the same look-up.

use crate::answer::Answer;
use crate::task_definition::{Registration, is_registered, with_image};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::TaskDefinition;
use shared::ecs::describe_tagged_task_definition;
use shared::{Error, ReleasePlan};

/// The revision that a release runs.
pub(crate) enum WantedRevision {
    /// The request names a revision of the team's own; what is in it has not been read.
    Named { arn: String },
    /// An earlier try has registered it.
    Registered { arn: String, content: Registration },
    /// It has to be registered.
    Unregistered { content: Registration },
}

/// Registers what the release of `plan` runs in `container`.
pub(crate) async fn register(
    ecs: &Client,
    plan: &ReleasePlan,
    container: &str,
) -> Result<Answer, Error> {
    let (task_definition, registered) = match wanted_revision(ecs, plan, container).await? {
        WantedRevision::Named { arn } | WantedRevision::Registered { arn, .. } => (arn, false),
        WantedRevision::Unregistered { content } => {
            let output = content
                .send_with(ecs)
                .await
                .map_err(|e| Error::from_sdk("ecs:RegisterTaskDefinition", e))?;
            (arn_of(output.task_definition())?, true)
        }
    };
    Ok(Answer::Registered {
        task_definition,
        registered,
    })
}

/// Looks up which revision the release of `plan` runs; writes nothing.
pub(crate) async fn wanted_revision(
    ecs: &Client,
    plan: &ReleasePlan,
    container: &str,
) -> Result<WantedRevision, Error> {
    if let Some(named) = &plan.task_definition {
        return Ok(WantedRevision::Named { arn: named.clone() });
    }
    let (active, tags) = describe_tagged_task_definition(ecs, &plan.active.task_definition).await?;
    let content = with_image(&active, &tags, container, &plan.image.uri, plan.to)
        .map_err(|refusal| Error::NotFound(refusal.into_reason()))?;
    // A family's name stands for its newest active revision.
    let family = active.family().unwrap_or_default();
    let (newest, newest_tags) = describe_tagged_task_definition(ecs, family).await?;
    if is_registered(&newest, &newest_tags, &content) {
        let arn = arn_of(Some(&newest))?;
        Ok(WantedRevision::Registered { arn, content })
    } else {
        Ok(WantedRevision::Unregistered { content })
    }
}

fn arn_of(definition: Option<&TaskDefinition>) -> Result<String, Error> {
    let arn = definition.and_then(TaskDefinition::task_definition_arn);
    let missing = "ECS gave no task definition with an ARN";
    let arn = arn.ok_or_else(|| Error::UnexpectedAnswer(missing.to_owned()))?;
    Ok(arn.to_owned())
}
