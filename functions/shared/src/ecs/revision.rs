//! Reads revisions of task definitions: what the SDK knows of one, and the JSON that ECS gives for it.

use super::content::RevisionContent;
use super::wire::Wire;
use crate::Error;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{TaskDefinition, TaskDefinitionField};
use serde_json::Value;

/// A revision, in the two forms in which it is needed.
#[derive(Clone, Debug)]
pub struct Revision {
    /// What the SDK knows of it.
    pub definition: TaskDefinition,
    /// All that the team has set; with its tags, if they were asked for.
    pub content: RevisionContent,
}

/// Reads what the SDK knows of a revision, by its ARN.
///
/// # Errors
/// The named errors of `ecs:DescribeTaskDefinition`, and `UnexpectedAnswer` where it gives none.
pub async fn describe_task_definition(ecs: &Client, arn: &str) -> Result<TaskDefinition, Error> {
    Ok(describe(ecs, arn, None).await?.0)
}

/// Reads a revision by its ARN, without its tags.
///
/// # Errors
/// As [`describe_task_definition`].
pub async fn describe_revision(ecs: &Client, arn: &str) -> Result<Revision, Error> {
    with_content(describe(ecs, arn, None).await?)
}

/// Reads a revision with its tags, by its ARN or by its family's name, which stands for the newest active revision.
///
/// # Errors
/// As [`describe_task_definition`].
pub async fn describe_tagged_revision(ecs: &Client, name: &str) -> Result<Revision, Error> {
    let tags = vec![TaskDefinitionField::Tags];
    with_content(describe(ecs, name, Some(tags)).await?)
}

async fn describe(
    ecs: &Client,
    name: &str,
    include: Option<Vec<TaskDefinitionField>>,
) -> Result<(TaskDefinition, Option<Value>), Error> {
    let wire = Wire::default();
    let output = ecs
        .describe_task_definition()
        .task_definition(name)
        .set_include(include)
        .customize()
        .interceptor(wire.clone())
        .send()
        .await
        .map_err(|error| Error::from_sdk("ecs:DescribeTaskDefinition", error))?;
    let definition = output.task_definition.ok_or_else(|| {
        Error::UnexpectedAnswer(format!(
            "ecs:DescribeTaskDefinition gave no task definition for {name}"
        ))
    })?;
    Ok((definition, wire.answered()))
}

fn with_content((definition, answer): (TaskDefinition, Option<Value>)) -> Result<Revision, Error> {
    let missing = "ecs:DescribeTaskDefinition gave no JSON";
    let answer = answer.ok_or_else(|| Error::UnexpectedAnswer(missing.to_owned()))?;
    Ok(Revision {
        definition,
        content: RevisionContent::of_answer(&answer),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_mocks::{RuleMode, mock};
    use fixtures::{json_answer, mock_client};
    use serde_json::json;

    #[tokio::test]
    async fn the_answer_of_the_last_try_is_read_with_what_the_sdk_does_not_know() {
        let busy = || {
            json_answer(
                500,
                &json!({"__type": "ServerException", "taskDefinition": {"family": "x"}}),
            )
        };
        let answer = || {
            let definition =
                json!({"family": "shop", "taskDefinitionArn": "arn:shop:7", "newer": {"a": 1}});
            json_answer(200, &json!({"taskDefinition": definition}))
        };
        let describes = mock!(Client::describe_task_definition).sequence();
        let describes = describes.http_response(busy).http_response(answer).build();
        let ecs = mock_client!(aws_sdk_ecs, RuleMode::Sequential, [&describes]);
        let revision = describe_revision(&ecs, "shop:7").await.expect("a revision");
        assert_eq!(revision.definition.family(), Some("shop"));
        let expect = json!({"family": "shop", "newer": {"a": 1}});
        assert_eq!(revision.content.as_json(), &expect);
        assert_eq!(describes.num_calls(), 2);
    }
}
