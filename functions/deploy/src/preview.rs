//! What a deployment would do now: the release's own look-ups, without its writes.
//!
//! The registration is a real call that is stopped when it has been serialized, before it is sent. So the preview
//! compares what ECS would get, field by field, with what idle runs now.

use crate::answer::{Answer, DesiredTasks, RevisionPreview};
use crate::changes::changes;
use crate::decide::desired_tasks;
use crate::register::{WantedRevision, wanted_revision};
use crate::task_definition::{Registration, carried_over};
use aws_sdk_ecs::Client;
use aws_sdk_ecs::config::interceptors::BeforeTransmitInterceptorContextRef as Serialized;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use serde_json::Value;
use shared::ecs::{describe_tagged_task_definition, read_service};
use shared::{Error, ReleasePlan};
use std::sync::{Arc, OnceLock};

/// Says what `register` and `update` would do for the release of `plan`.
pub(crate) async fn preview(
    ecs: &Client,
    plan: &ReleasePlan,
    container: &str,
) -> Result<Answer, Error> {
    let idle = read_service(ecs, &plan.idle).await?;
    let active = read_service(ecs, &plan.active).await?;
    let replaces = idle.task_definition().unwrap_or_default().to_owned();
    let before = serialized(ecs, registered(ecs, &replaces).await?).await?;
    let (registers, after) = match wanted_revision(ecs, plan, container).await? {
        WantedRevision::Named { arn } => (false, registered(ecs, &arn).await?),
        WantedRevision::Registered { content, .. } => (false, content),
        WantedRevision::Unregistered { content } => (true, content),
    };
    let after = serialized(ecs, after).await?;
    Ok(Answer::Previewed {
        task_definition: RevisionPreview {
            replaces,
            registers,
            changes: changes(&before, &after),
        },
        desired: DesiredTasks {
            before: idle.desired_count(),
            after: desired_tasks(&idle, &active),
        },
    })
}

/// A registered revision, as it would be registered anew.
async fn registered(ecs: &Client, name: &str) -> Result<Registration, Error> {
    let (revision, tags) = describe_tagged_task_definition(ecs, name).await?;
    Ok(carried_over(&revision, &tags))
}

/// A registration as ECS would get it. It is not sent.
async fn serialized(ecs: &Client, registration: Registration) -> Result<Value, Error> {
    let stop = StopBeforeSending::default();
    let config = ecs.config().to_builder().interceptor(stop.clone()).build();
    let unsent = registration.send_with(&Client::from_conf(config)).await;
    serde_json::from_slice(stop.0.get_or_init(Vec::new)).map_err(|_| {
        Error::UnexpectedAnswer(format!(
            "a registration could not be serialized: {unsent:?}"
        ))
    })
}

/// Keeps what a call would send, and ends the call there.
#[derive(Clone, Debug, Default)]
struct StopBeforeSending(Arc<OnceLock<Vec<u8>>>);

impl Intercept for StopBeforeSending {
    fn name(&self) -> &'static str {
        "StopBeforeSending"
    }

    fn read_after_serialization(
        &self,
        call: &Serialized<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = call.request().body().bytes().unwrap_or_default();
        self.0.set(body.to_vec()).ok();
        Err("a preview sends nothing".into())
    }
}
