//! Opens a release in the record: takes the request's place, asks whose turn it is, and claims.

use crate::handler::Detect;
use crate::request::Request;
use crate::task::{Answer, Execution};
use crate::turn::{Holder, Turn, at_work_until, turn};
use aws_sdk_sfn::types::ExecutionStatus::{PendingRedrive, Running};
use chrono::{DateTime, Utc};
use shared::record::{self, Arrival, Claim, Expand, Phase, Release, Time};
use shared::{Error, Plan};

/// Between two looks at a release in progress.
const LOOK_SECONDS: i64 = 15;

impl Detect {
    /// Writes the request down if it is the newest and `writes`, and asks whose turn it is; with the record as it is
    /// then, before anybody looks at the rules.
    pub async fn take_place(
        &self,
        request: &Request,
        execution: &Execution,
        writes: bool,
    ) -> Result<(Turn, record::Record), Error> {
        let request = in_order(request, execution);
        let arrive = |record: &record::Record| match record.arrive(&request) {
            Arrival::Newest(next) if writes => {
                let version = record.version + 1;
                (Some(next.clone()), record::Record { version, ..next })
            }
            Arrival::Newest(_)
            | Arrival::Known
            | Arrival::Superseded { .. }
            | Arrival::Duplicate { .. } => (None, record.clone()),
        };
        let record = self.store.change(arrive).await?;
        let holder = match record.holder_other_than(&execution.id) {
            Some(holder) => Some(self.holder(holder).await?),
            None => None,
        };
        let turn = turn(&record, &request, holder.as_ref(), Utc::now());
        Ok((turn, record))
    }

    /// The holder of the record, if it is another execution than `me` and nothing of it runs any more.
    pub async fn gone(&self, record: &record::Record, me: &str) -> Result<Option<String>, Error> {
        let Some(holder) = record.holder_other_than(me) else {
            return Ok(None);
        };
        let gone = match self.holder(holder).await? {
            Holder::Running => false,
            // Its task may still be at work, and then it counts as running.
            Holder::Ended(ended) => {
                let until = ended.and_then(|ended| at_work_until(record, ended));
                until.is_none_or(|until| until <= Utc::now())
            }
        };
        Ok(gone.then(|| holder.to_owned()))
    }

    async fn holder(&self, execution: &str) -> Result<Holder, Error> {
        let call = self
            .sfn
            .describe_execution()
            .execution_arn(execution)
            .send();
        match call.await {
            Ok(output) if matches!(output.status(), Running | PendingRedrive) => {
                Ok(Holder::Running)
            }
            Ok(output) => {
                Ok(Holder::Ended(output.stop_date().and_then(|at| {
                    DateTime::from_timestamp(at.secs(), at.subsec_nanos())
                })))
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

    pub async fn claim(
        &self,
        mut plan: Plan,
        gone: Option<&str>,
        seen: u64,
        pushed_at: Option<Time>,
    ) -> Result<Answer, Error> {
        let release = new_release(&plan, pushed_at);
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
            Claim::Mine(mine) if mine.to_digest != plan.image.digest => {
                let reason = format!(
                    "the image that the request names moved from {} to {} while this release was being opened. \
                     Ask again.",
                    mine.to_digest, plan.image.digest
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
        let (release, plan) = (plan.release.clone(), Box::new(plan));
        Ok(if plan.sync {
            Answer::Sync {
                release,
                plan,
                reason,
            }
        } else {
            Answer::Release {
                release,
                plan,
                reason,
            }
        })
    }
}

/// Nobody knows how long a release takes; the end of a lease is known.
pub fn wait(reason: String, until: Option<Time>) -> Answer {
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
        | Request::Sync { .. }
        | Request::ReportDrift
        | Request::Contract { .. }
        | Request::Rollback { .. } => (execution.start_time, None),
    };
    record::Request {
        made_at,
        started_at: execution.start_time,
        execution: execution.id.clone(),
        pushed_digest,
    }
}

fn new_release(plan: &Plan, pushed_at: Option<Time>) -> Release {
    let expand = plan.migration.as_ref().map(|_| Expand {
        release: plan.release.clone(),
        digest: plan.image.digest.clone(),
        // What ECR does not tell now counts as new: older images are refused sooner then.
        pushed_at: pushed_at.unwrap_or_else(Utc::now),
        stable: 0,
        proven: false,
    });
    Release {
        id: plan.release.clone(),
        phase: Phase::Deploying,
        claimed_at: Utc::now(),
        from: plan.from,
        to: plan.to,
        from_digest: plan.active.digest.clone(),
        to_digest: plan.image.digest.clone(),
        from_task_definition: Some(plan.active.task_definition.clone()),
        idle_digest: plan.idle.digest.clone(),
        sync: plan.sync,
        expand,
        from_desired: plan.active.desired,
        flipped_at: None,
        reason: None,
    }
}
