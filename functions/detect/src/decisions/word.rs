//! Writes down what a person says, for the release that they name.

use super::freeze::{freeze, unfreeze};
use super::stop::stop;
use super::taken::taken;
use crate::claim::Context;
use crate::halt::Halt;
use crate::request::{Says, Word};
use crate::task::{Answer, DecidedAs, Execution};
use chrono::Utc;
use record::{Decided, Decision, Record, Time};
use shared::{ReleaseId, whole_second};

/// A refusal says why the word has no effect.
pub(crate) async fn decide(
    context: &Context,
    word: &Word,
    execution: &Execution,
) -> Result<Answer, Halt> {
    let decision = decision(word, execution);
    match &word.says {
        Says::Freeze { until } => freeze(context, &decision, *until).await,
        Says::Unfreeze => unfreeze(context, &decision).await,
        Says::Stop(release) => stop(context, release, &decision).await,
        Says::Approve { release, .. }
        | Says::Reject { release, .. }
        | Says::Hold(release)
        | Says::Resume(release)
        | Says::Finish(release) => of_release(context, &word.says, release, &decision).await,
    }
}

fn decision(word: &Word, execution: &Execution) -> Decision {
    Decision {
        execution: execution.arn.clone(),
        by: word.by.clone(),
        reason: word.reason.clone(),
        at: execution.start_time,
    }
}

async fn of_release(
    context: &Context,
    says: &Says,
    release: &ReleaseId,
    decision: &Decision,
) -> Result<Answer, Halt> {
    let seconds = context.decisions.hold_seconds;
    let change = |record: &Record| {
        let decided = transition(record, says, decision, seconds, Utc::now());
        let after = decided.record();
        (
            after.clone(),
            (decided, after.unwrap_or_else(|| record.clone())),
        )
    };
    let (decided, record) = context.store.change(change).await?;
    let taken = taken(decided, decision)?;
    let (decided, reason, until) = described(says, release, &taken.decision, &record);
    Ok(Answer::Decided {
        decided,
        release: Some(release.clone()),
        reason,
        before: taken.before,
        held_back: None,
        until,
    })
}

fn transition(
    record: &Record,
    says: &Says,
    decision: &Decision,
    hold_seconds: u32,
    now: Time,
) -> Decided {
    match says {
        Says::Approve { release, gate } => record.approve(release, gate.as_deref(), decision, now),
        Says::Reject { release, gate } => record.reject(release, gate.as_deref(), decision, now),
        Says::Hold(release) => record.hold(release, decision, hold_seconds, now),
        Says::Resume(release) => record.resume(release, decision, now),
        Says::Finish(release) => record.finish_watch(release, decision, now),
        Says::Stop(release) => record.stop(release, decision),
        Says::Freeze { until } => record.begin_freeze(decision, *until, now),
        Says::Unfreeze => record.unfreeze(decision, now),
    }
}

/// What was decided, in the words of an event, and until when it holds.
fn described(
    says: &Says,
    release: &ReleaseId,
    decision: &Decision,
    record: &Record,
) -> (DecidedAs, String, Option<Time>) {
    let gate = || {
        let gate = record.gate.as_ref();
        gate.map(|gate| gate.before.to_string()).unwrap_or_default()
    };
    let share = || {
        record
            .release
            .as_ref()
            .map(|it| it.current_share().to_string())
    };
    let hold = record.release.as_ref().and_then(|it| it.hold.as_ref());
    match says {
        Says::Approve { .. } => {
            let reason = format!("{} of release {release} was approved by {decision}", gate());
            (DecidedAs::Approved, reason, None)
        }
        Says::Reject { .. } => {
            let reason = format!("{} of release {release} was rejected by {decision}", gate());
            (DecidedAs::Rejected, reason, None)
        }
        Says::Hold(_) => {
            let until = hold.map(|hold| whole_second(hold.until));
            let at = until.map(|until| format!(" until {until}"));
            let reason = format!(
                "release {release} is held{} by {decision}",
                at.unwrap_or_default()
            );
            (DecidedAs::Held, reason, until)
        }
        Says::Finish(_) => {
            let at = share().unwrap_or_default();
            let reason = format!("the watch of release {release} at {at} was ended by {decision}");
            (DecidedAs::Finished, reason, None)
        }
        Says::Resume(_) | Says::Stop(_) | Says::Freeze { .. } | Says::Unfreeze => {
            let reason = format!("release {release} goes on, resumed by {decision}");
            (DecidedAs::Resumed, reason, None)
        }
    }
}
