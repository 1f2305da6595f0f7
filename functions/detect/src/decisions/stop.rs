//! Stops a release: writes it down, stops the execution, and waits until what that has flipped is flipped back.
//!
//! The state machine asks flip to end the stopped release after each of these answers but the last, and asks again.

use super::taken::{Taken, taken};
use crate::claim::Context;
use crate::halt::Halt;
use crate::task::{Answer, DecidedAs};
use aws_sdk_sfn::Client;
use chrono::Utc;
use record::{Decided, Decision, Phase, Record, latest_ends};
use shared::executions::{ExecutionState, execution_state};
use shared::{Error, ExecutionArn, ReleaseId, whole_second};

/// The name that the stopped execution ends with.
const ERROR: &str = "StopRequested";

pub(super) async fn stop(
    context: &Context,
    release: &ReleaseId,
    decision: &Decision,
) -> Result<Answer, Halt> {
    let change = |record: &Record| {
        let decided = record.stop(release, decision);
        let after = decided.record();
        (
            after.clone(),
            (decided, after.unwrap_or_else(|| record.clone())),
        )
    };
    let (decided, record) = context.store.change(change).await?;
    let taken = match decided {
        // Another release may have begun since this one was stopped.
        Decided::Refused(reason) => match of_history(context, release, decision).await? {
            Some(stop) => taken(Decided::TakenBefore(stop), decision)?,
            None => return Err(reason.into()),
        },
        other @ (Decided::Taken(_) | Decided::TakenBefore(_)) => taken(other, decision)?,
    };
    Ok(drive(context, &record, release, &taken).await?)
}

async fn of_history(
    context: &Context,
    release: &ReleaseId,
    own: &Decision,
) -> Result<Option<Decision>, Error> {
    let latest = latest_ends(&context.store, 10).await?;
    let mut stops = latest.into_iter().filter(|it| it.id == *release);
    Ok(stops.find_map(|it| it.stop.filter(|it| it.execution == own.execution)))
}

/// What is to be done next for the end of the release.
async fn drive(
    context: &Context,
    record: &Record,
    release: &ReleaseId,
    taken: &Taken,
) -> Result<Answer, Error> {
    let reason = format!("release {release} was stopped by {}", taken.decision);
    let holder = record.holder.as_ref();
    let Some(holder) = holder.filter(|it| it.is_of(release)) else {
        return Ok(stopped(record, release, &reason, taken.before));
    };
    let sfn = &context.sfn;
    match execution_state(sfn, holder).await? {
        // To stop it would only put off what its end is to bring.
        ExecutionState::Running if is_flipped_back(record) => {
            let reason = format!("{reason}, and {holder} flips it back");
            return Ok(Answer::wait(reason, context.decisions.poll_seconds));
        }
        ExecutionState::Running => stop_execution(sfn, holder, &reason).await?,
        ExecutionState::Ended { at, .. } => {
            let now = Utc::now();
            let to_flip_back = record.left_flipped_by(holder).is_some();
            let at_work = at.and_then(|at| record.at_work_until(at));
            if let Some(until) = at_work.filter(|until| !to_flip_back && *until > now) {
                let reason = format!(
                    "{reason}, and its last task may be at work until {}",
                    whole_second(until)
                );
                return Ok(Answer::wait_until(reason, until, now));
            }
        }
    }
    Ok(Answer::stop(release.clone(), reason))
}

fn is_flipped_back(record: &Record) -> bool {
    let phase = record.release.as_ref().map(|release| release.phase);
    phase == Some(Phase::RollingBack)
}

/// The release has ended; where it could not be flipped back, that is said.
fn stopped(record: &Record, release: &ReleaseId, reason: &str, before: bool) -> Answer {
    let own = record.release.as_ref().filter(|it| it.id == *release);
    let phase = own.map(|it| format!("; it is {}", it.phase));
    Answer::Decided {
        decided: DecidedAs::Stopped,
        release: Some(release.clone()),
        reason: format!("{reason}{}", phase.unwrap_or_default()),
        before,
        held_back: None,
        until: None,
    }
}

/// One that has ended in between is as good as stopped.
async fn stop_execution(sfn: &Client, holder: &ExecutionArn, cause: &str) -> Result<(), Error> {
    let call = sfn.stop_execution().execution_arn(holder.as_str());
    match call.error(ERROR).cause(cause).send().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let reason = error.as_service_error();
            if reason.is_some_and(|reason| reason.is_execution_does_not_exist()) {
                return Ok(());
            }
            Err(Error::from_sdk("states:StopExecution", error))
        }
    }
}
