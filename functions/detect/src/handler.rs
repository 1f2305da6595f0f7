//! detect's way through AWS: read the request, take its place, look at the world, decide, claim.

use crate::decide::{Decision, Wanted, decide};
use crate::images::Images;
use crate::request::{self, Request};
use crate::task::{Answer, Execution, Task};
use crate::turn::{Holder, Turn, turn};
use crate::world::World;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, Utc};
use serde_json::Value;
use shared::lambda::read_task;
use shared::record::{self, Arrival, Claim, Finish, Outcome, Phase, Release, Time};
use shared::store::Store;
use shared::{Error, Plan};
use tracing::info;

/// Between two looks at a release in progress.
const LOOK_SECONDS: i64 = 15;

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

    /// Writes the request down if it is the newest, and asks whose turn it is; with the record's version as it is
    /// then, before anybody looks at the rules.
    async fn take_place(
        &self,
        request: &Request,
        execution: &Execution,
    ) -> Result<(Turn, u64), Error> {
        let request = in_order(request, execution);
        let arrive = |record: &record::Record| match record.arrive(&request) {
            Arrival::Newest(next) => {
                let version = record.version + 1;
                (Some(next.clone()), record::Record { version, ..next })
            }
            Arrival::Known | Arrival::Superseded { .. } | Arrival::Duplicate { .. } => {
                (None, record.clone())
            }
        };
        let record = self.store.change(arrive).await?;
        let holder = match record.holder_other_than(&execution.id) {
            Some(holder) => Some(self.holder(holder).await?),
            None => None,
        };
        let turn = turn(&record, &request, holder.as_ref(), Utc::now());
        Ok((turn, record.version))
    }

    async fn holder(&self, execution: &str) -> Result<Holder, Error> {
        let call = self
            .sfn
            .describe_execution()
            .execution_arn(execution)
            .send();
        match call.await {
            Ok(output) => {
                let running = matches!(
                    output.status(),
                    ExecutionStatus::Running | ExecutionStatus::PendingRedrive
                );
                let ended = output.stop_date();
                Ok(match running {
                    true => Holder::Running,
                    false => Holder::Ended(
                        ended.and_then(|at| DateTime::from_timestamp(at.secs(), at.subsec_nanos())),
                    ),
                })
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|e| e.is_execution_does_not_exist()) =>
            {
                Ok(Holder::Ended(None))
            }
            Err(error) => Err(Error::from_sdk("states:DescribeExecution", error)),
        }
    }

    async fn claim(&self, mut plan: Plan, gone: Option<&str>, seen: u64) -> Result<Answer, Error> {
        let release = new_release(&plan);
        let claim = |record: &record::Record| {
            let claim = record.claim(&plan.execution, &release, gone, seen, Utc::now());
            (claim.record(), claim)
        };
        match self.store.change(claim).await? {
            Claim::Claimed { abandoned, .. } => {
                let warning = |id| {
                    format!(
                        "release {id} was abandoned by its execution; this one starts from the live rule"
                    )
                };
                plan.warnings.extend(abandoned.map(warning));
            }
            Claim::Mine(mine) if mine.from != plan.from => {
                let reason = format!(
                    "the rule moved to {} while this release was being deployed",
                    plan.from
                );
                return Ok(Answer::Refuse { reason });
            }
            Claim::Mine(_) => {}
            Claim::NotNewest => {
                return Ok(wait("a newer request has just arrived".to_owned(), None));
            }
            Claim::Changed => {
                let reason = "the record changed while the rules were looked at".to_owned();
                return Ok(wait(reason, Some(Utc::now())));
            }
            Claim::Held { by } => {
                return Ok(wait(format!("{by} has just claimed the record"), None));
            }
            Claim::WriterMayBeAlive { until } => {
                let reason = format!("a writer of the rule may be alive until {until}");
                return Ok(wait(reason, Some(until)));
            }
        }
        let reason = format!("{} from {} to {}", plan.image.uri, plan.from, plan.to);
        Ok(Answer::Release {
            release: plan.release.clone(),
            plan: Box::new(plan),
            reason,
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

/// Nobody knows how long a release takes; the end of a lease is known.
fn wait(reason: String, until: Option<Time>) -> Answer {
    let seconds = until.map_or(LOOK_SECONDS, |until| (until - Utc::now()).num_seconds() + 1);
    Answer::Wait { reason, seconds }
}

/// A push is placed by when it was pushed, an operator's request by when it was made.
fn in_order(request: &Request, execution: &Execution) -> record::Request {
    let (made_at, pushed_digest) = match request {
        Request::Push { at, digest, .. } => (*at, Some(digest.clone())),
        Request::Tag(_)
        | Request::Digest(_)
        | Request::TaskDefinition(_)
        | Request::Rollback { .. } => (execution.start_time, None),
    };
    record::Request {
        made_at,
        started_at: execution.start_time,
        execution: execution.id.clone(),
        pushed_digest,
    }
}

fn new_release(plan: &Plan) -> Release {
    Release {
        id: plan.release.clone(),
        phase: Phase::Deploying,
        claimed_at: Utc::now(),
        from: plan.from,
        to: plan.to,
        from_digest: plan.active.digest.clone(),
        to_digest: plan.image.digest.clone(),
        from_desired: plan.active.desired,
        flipped_at: None,
        reason: None,
    }
}
