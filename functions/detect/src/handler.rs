//! detect's way through AWS: read the request, and let `release`, `contract` or the record answer it; and the end.

use crate::facts::Looker;
use crate::images::Images;
use crate::migration;
use crate::preflight::Rules;
use crate::request::{self, Asked, Request};
use crate::task::{Answer, Execution, Task, Would};
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
    pub looker: Looker,
    pub rules: Rules,
    pub migrations: migration::Policy,
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
        let asked = match request::read(input, &self.images.repository) {
            Ok(asked) => asked,
            Err(reason) => return Ok(Answer::Refuse { reason }),
        };
        let answer = match &asked.request {
            Request::Rollback { reason } => self.rollback(reason.clone()).await?,
            // ECR writes an empty tag where there is none; such a push is part of a larger image, or an accident.
            Request::Push { tag: None, .. } => Answer::Skip {
                reason: "an untagged push starts no release; to release it, name its digest"
                    .to_owned(),
            },
            Request::ReportDrift => self.report_drift(execution).await?,
            Request::Sync { if_drifted: true } => {
                let report = self.report_drift(execution).await?;
                if matches!(report, Answer::Drifted { .. }) {
                    self.release(&asked, execution).await?
                } else {
                    report
                }
            }
            Request::Contract { step, expanded_by } => {
                let named = expanded_by.as_deref();
                self.contract(step, named, execution, asked.plan).await?
            }
            Request::Push { .. }
            | Request::Tag(_)
            | Request::Digest(_)
            | Request::TaskDefinition(_)
            | Request::Sync { .. } => self.release(&asked, execution).await?,
        };
        Ok(planned(&asked, answer))
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

/// A plan answers what would be done; what does something would not be one.
fn planned(asked: &Asked, answer: Answer) -> Answer {
    if !asked.plan {
        return answer;
    }
    let (would, reason) = match answer {
        Answer::Skip { reason } => (Would::Skip, reason),
        Answer::Refuse { reason } => (Would::Refuse, reason),
        Answer::Rollback { reason, .. } => (Would::Rollback, reason),
        Answer::Drifted { reason, .. } => (Would::Report, reason),
        answer @ (Answer::Plan { .. }
        | Answer::Release { .. }
        | Answer::Sync { .. }
        | Answer::Contract { .. }
        | Answer::Wait { .. }
        | Answer::Finished { .. }) => return answer,
    };
    Answer::plan(would, reason)
}
