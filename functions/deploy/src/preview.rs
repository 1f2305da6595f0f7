//! What a deployment would do now: the release's own look-ups, without its writes.

use crate::answer::{Answer, DesiredTasks, RevisionPreview};
use crate::changes::{changes, first_changes};
use crate::decide::desired_tasks;
use crate::register::{WantedRevision, wanted_revision};
use aws_sdk_ecs::Client;
use shared::ecs::{describe_tagged_revision, read_service};
use shared::{Error, ReleasePlan};

/// Says what `register` and `update` would do for the release of `plan`.
pub(crate) async fn preview(
    ecs: &Client,
    plan: &ReleasePlan,
    container: &str,
) -> Result<Answer, Error> {
    let (idle, active, wanted) = tokio::try_join!(
        Box::pin(read_service(ecs, &plan.idle)),
        Box::pin(read_service(ecs, &plan.active)),
        Box::pin(wanted_revision(ecs, plan, container)),
    )?;
    let replaces = idle.task_definition().unwrap_or_default().to_owned();
    let before = describe_tagged_revision(ecs, &replaces).await?.content;
    let (registers, after) = match wanted {
        WantedRevision::Named { arn } => {
            (false, describe_tagged_revision(ecs, &arn).await?.content)
        }
        WantedRevision::Registered { content, .. } => (false, content),
        WantedRevision::Unregistered { content } => (true, content),
    };
    let (changes, more_changes) = first_changes(changes(&before, &after));
    Ok(Answer::Previewed {
        task_definition: RevisionPreview {
            replaces,
            registers,
            changes,
            more_changes,
        },
        desired: DesiredTasks {
            before: idle.desired_count(),
            after: desired_tasks(&idle, &active),
        },
    })
}
