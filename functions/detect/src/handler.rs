//! detect's way through AWS: read the request, take its place, look at the world, decide, claim; and the end.

use crate::decide::{Decision, Wanted, decide};
use crate::images::Images;
use crate::opening::wait;
use crate::request::{self, Request};
use crate::task::{Answer, Execution, Task};
use crate::turn::Turn;
use crate::world::World;
use serde_json::Value;
use shared::Error;
use shared::lambda::read_task;
use shared::record::{self, Finish, Outcome};
use shared::store::Store;
use tracing::info;

/// The function with its clients and configuration.
pub struct Detect {
    pub store: Store,
    pub sfn: aws_sdk_sfn::Client,
    pub images: Images,
    pub world: World,
}

impl Detect {
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let answer = match read_task(payload)? {
            Task::Detect { request, execution } => self.detect(&request, &execution).await?,
            Task::Finish {
                execution,
                outcome,
                reason,
            } => {
                self.finish(&execution, outcome, &reason.to_string())
                    .await?
            }
        };
        info!(answer = %serde_json::to_string(&answer).unwrap_or_default(), "answered");
        Ok(answer)
    }

    async fn detect(&self, input: &Value, execution: &Execution) -> Result<Answer, Error> {
        let request = match request::read(input, &self.images.repository) {
            Ok(Request::Rollback { reason }) => return self.rollback(reason).await,
            // ECR writes an empty tag where there is none; such a push is part of a larger image, or an accident.
            Ok(Request::Push { tag: None, .. }) => {
                let reason =
                    "an untagged push starts no release; to release it, name its digest".to_owned();
                return Ok(Answer::Skip { reason });
            }
            Ok(request) => request,
            Err(reason) => return Ok(Answer::Refuse { reason }),
        };
        let image = match self.images.resolve(&request).await? {
            Ok(image) => image,
            Err(reason) => return Ok(Answer::Refuse { reason }),
        };
        let (turn, seen) = self.take_place(&request, execution).await?;
        let gone = match turn {
            Turn::Mine { gone } => gone,
            Turn::Wait { reason, until } => return Ok(wait(reason, until)),
            Turn::Skip(reason) => return Ok(Answer::Skip { reason }),
        };
        let wanted = Wanted {
            release: execution.name.clone(),
            execution: execution.id.clone(),
            image,
            task_definition: match request {
                Request::TaskDefinition(arn) => Some(arn),
                Request::Push { .. }
                | Request::Tag(_)
                | Request::Digest(_)
                | Request::Rollback { .. } => None,
            },
        };
        match decide(&self.world.look().await?, &wanted) {
            Decision::Release(plan) => self.claim(plan, gone.as_deref(), seen).await,
            Decision::Skip(reason) => Ok(Answer::Skip { reason }),
            Decision::Refuse(reason) => Ok(Answer::Refuse { reason }),
        }
    }

    /// A rollback concerns the release on record; flip decides whether it can be flipped back.
    async fn rollback(&self, reason: String) -> Result<Answer, Error> {
        Ok(match self.store.load().await?.release {
            Some(release) => Answer::Rollback {
                release: release.id,
                reason,
            },
            None => Answer::Refuse {
                reason: "no release is recorded for this service, so there is nothing to roll back"
                    .to_owned(),
            },
        })
    }

    async fn finish(
        &self,
        execution: &Execution,
        outcome: Outcome,
        reason: &str,
    ) -> Result<Answer, Error> {
        let finish = |record: &record::Record| match record.finish(&execution.id, outcome, reason) {
            Finish::Finished(next) => (Some(next.clone()), (next.release.map(|it| it.phase), None)),
            Finish::WentBack(next) => {
                let release = next.release.clone();
                (
                    Some(next),
                    (
                        release.as_ref().map(|it| it.phase),
                        release.and_then(|it| it.reason),
                    ),
                )
            }
            Finish::NotHolder(phase) => (None, (phase, None)),
        };
        let (phase, went_back) = self.store.change(finish).await?;
        Ok(Answer::Finished {
            phase,
            reason: went_back.unwrap_or_else(|| reason.to_owned()),
        })
    }
}
