//! Registers the revision that a release runs, unless it is there already. The preview uses the same look-up.

use crate::answer::Answer;
use crate::changes::lost;
use crate::hidden::Hidden;
use crate::task_definition::with_image;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::TaskDefinition;
use shared::ecs::{RevisionContent, Wire, describe_tagged_revision, family_of};
use shared::{Error, ReleasePlan, listed};

/// The revision that a release runs.
pub(crate) enum WantedRevision {
    /// The request names a revision of the team's own; what is in it has not been read.
    Named { arn: String },
    /// An earlier try has registered it.
    Registered {
        arn: String,
        content: RevisionContent,
    },
    /// It has to be registered.
    Unregistered { content: RevisionContent },
}

/// Registers what the release of `plan` runs in `container`.
pub(crate) async fn register(
    ecs: &Client,
    plan: &ReleasePlan,
    container: &str,
) -> Result<Answer, Error> {
    let (task_definition, registered) = match wanted_revision(ecs, plan, container).await? {
        WantedRevision::Named { arn } | WantedRevision::Registered { arn, .. } => (arn, false),
        WantedRevision::Unregistered { content } => (send(ecs, &content).await?, true),
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
    let arn = &plan.active.task_definition;
    // A family's name stands for its newest active revision.
    let (active, newest) = tokio::try_join!(
        Box::pin(describe_tagged_revision(ecs, arn)),
        Box::pin(describe_tagged_revision(ecs, family_of(arn))),
    )?;
    let content = with_image(&active.content, container, &plan.image.uri, plan.to)
        .map_err(|refusal| Error::NotFound(format!("{arn}: {refusal}")))?;
    if newest.content == content {
        let arn = arn_of(Some(&newest.definition))?;
        Ok(WantedRevision::Registered { arn, content })
    } else {
        Ok(WantedRevision::Unregistered { content })
    }
}

/// Registers a revision as ECS's own JSON, and gives its ARN.
async fn send(ecs: &Client, content: &RevisionContent) -> Result<String, Error> {
    let wire = Wire::sending(content.as_json());
    let register = ecs.register_task_definition().family(content.family());
    let output = register
        .customize()
        .interceptor(wire.clone())
        .send()
        .await
        .map_err(|error| {
            let hidden = Hidden::of(content);
            Error::from_sdk_masked("ecs:RegisterTaskDefinition", error, |text| {
                hidden.mask(text)
            })
        })?;
    let arn = arn_of(output.task_definition())?;
    let answered = RevisionContent::of_answer(&wire.answered().unwrap_or_default());
    let lost = lost(content, &answered);
    if lost.is_empty() {
        return Ok(arn);
    }
    let fields = listed(&lost, ", ");
    Err(Error::UnexpectedAnswer(format!(
        "ecs:RegisterTaskDefinition gave {arn} back without what the live revision has: {fields}. \
         Register a revision yourself, and release it with taskDefinition."
    )))
}

fn arn_of(definition: Option<&TaskDefinition>) -> Result<String, Error> {
    let arn = definition.and_then(TaskDefinition::task_definition_arn);
    let missing = "ECS gave no task definition with an ARN";
    let arn = arn.ok_or_else(|| Error::UnexpectedAnswer(missing.to_owned()))?;
    Ok(arn.to_owned())
}
