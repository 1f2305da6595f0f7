//! The end of an execution that has no end of its own: somebody stopped it, it timed out, or its failure could not be
//! recorded. What it had flipped is flipped back, and the record gets rid of a holder that does nothing any more.
//!
//! An event of Step Functions asks, a schedule, or the state machine of the next release. None of them is believed: the
//! record says who holds it, and Step Functions whether that execution runs. So it may be asked at any time.

use crate::answer::{Answer, Decision};
use crate::flip_back::{flip_back, freeze_note};
use crate::invocation::Invocation;
use crate::stopped::{Remedy, Stopped, remedy};
use aws_sdk_sfn::Client;
use chrono::Utc;
use record::{CloseStopped, FlipBackCause, Phase, Record};
use shared::executions::execution_state;
use shared::{Error, FailureReason, WhenStopped};

/// Ends the release of the holder, if that has ended.
pub(crate) async fn end_stopped(
    invocation: &Invocation<'_>,
    sfn: &Client,
    when_stopped: WhenStopped,
) -> Result<Answer, Error> {
    let record = invocation.store.load().await?;
    let Some(holder) = &record.holder else {
        let reason = "no execution holds the record";
        return Ok(Answer::new(Decision::NothingToFlipBack, reason));
    };
    let state = execution_state(sfn, holder).await?;
    let stopped = match Stopped::read(&record, holder, state) {
        Ok(stopped) => stopped,
        Err(reason) => return Ok(Answer::new(Decision::Ignored, reason)),
    };
    match remedy(&record, when_stopped) {
        Remedy::FlipBack => flip_back_and_close(invocation, &stopped, when_stopped).await,
        Remedy::Close(note) => {
            let reason = stopped.reason(note);
            let close = |now: &Record| stopped.close(now, when_stopped, false, &reason, Utc::now());
            let closes = save(invocation, &stopped, close).await?;
            Ok(closed(&record, &reason, closes))
        }
    }
}

/// The answer where no rule was to be written.
fn closed(record: &Record, reason: &FailureReason, closes: bool) -> Answer {
    let Some(release) = &record.release else {
        return Answer::new(Decision::Closed, reason);
    };
    let said = release.reason.clone();
    let said = said.unwrap_or_else(|| reason.to_string());
    let answer = if release.phase == Phase::RolledBack {
        let answer = Answer::new(told(Decision::AlreadyFlippedBack, closes), said);
        answer.with_warning(freeze_note(record, Utc::now()))
    } else {
        Answer::new(Decision::Closed, reason)
    };
    answer.about(release)
}

/// An earlier try may have flipped back, and have come too early to close the record: it ended in an error, which tells
/// nobody. So whoever closes the record tells of the flip back.
fn told(decision: Decision, closes: bool) -> Decision {
    if closes && decision == Decision::AlreadyFlippedBack {
        Decision::FlippedBack
    } else {
        decision
    }
}

/// A refusal is an error, as for an alarm: an answer would end the delivery.
async fn flip_back_and_close(
    invocation: &Invocation<'_>,
    stopped: &Stopped,
    when_stopped: WhenStopped,
) -> Result<Answer, Error> {
    let reason = stopped.reason("what it had flipped was flipped back");
    let cause = FlipBackCause::Stopped(stopped.execution.clone());
    let answer = flip_back(invocation, &cause, &reason).await?;
    let reason = match answer.decision {
        Decision::FlippedBack | Decision::AlreadyFlippedBack => reason,
        Decision::Refused => {
            let refused = format!("its flip back was refused: {}", answer.reason);
            let reason = stopped.reason(&refused);
            if stopped.complains(Utc::now()) {
                return Err(Error::FlipBackRefused(stopped.complaint(&reason)));
            }
            reason
        }
        // Somebody else has changed the record meanwhile.
        Decision::Flipped
        | Decision::AlreadyThere
        | Decision::NotReady
        | Decision::Held
        | Decision::NothingToFlipBack
        | Decision::Ignored
        | Decision::Closed
        | Decision::Previewed => return Ok(answer),
    };
    let close = |now: &Record| stopped.close(now, when_stopped, true, &reason, Utc::now());
    let closes = save(invocation, stopped, close).await?;
    Ok(Answer {
        decision: told(answer.decision, closes),
        ..answer
    })
}

/// Writes the closed record. Says whether this has closed it, and not somebody before.
async fn save(
    invocation: &Invocation<'_>,
    stopped: &Stopped,
    close: impl Fn(&Record) -> Option<CloseStopped>,
) -> Result<bool, Error> {
    let close = |record: &Record| {
        let closed = close(record);
        (closed.as_ref().and_then(CloseStopped::record), closed)
    };
    let execution = &stopped.execution;
    match invocation.store.change(close).await? {
        Some(CloseStopped::Closed(_)) => Ok(true),
        Some(CloseStopped::NotHolder) => Ok(false),
        Some(CloseStopped::TooEarly { until }) => Err(Error::LeaseHeld(format!(
            "the last task of execution {execution} may be at work until {until}: try again after that"
        ))),
        None => Err(Error::RecordContention(format!(
            "a flip of execution {execution}, which has ended, ended after it: try again"
        ))),
    }
}
