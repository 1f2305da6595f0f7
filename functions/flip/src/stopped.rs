//! What becomes of a release whose execution has ended without an end of its own. Pure.

use chrono::TimeDelta;
use record::{CloseStopped, Record, Release};
use shared::executions::ExecutionState;
use shared::{ExecutionArn, FailureReason, Time, WhenStopped};

/// How long a refused flip back is an error that somebody is to see, in minutes after the end of the execution. After
/// that the release is left as it is: the schedule would find it, and complain, for ever. Where nobody knows the end, nobody
/// knows whether anybody has seen the error either, so that one does not end by itself.
const COMPLAINS_MINUTES: i64 = 10;

/// An execution that has ended while it held the record.
pub struct Stopped {
    pub execution: ExecutionArn,
    /// How it ended; none where Step Functions does not know it any more.
    status: Option<String>,
    pub at: Option<Time>,
    /// Why a person has stopped the release, where one has requested that.
    requested: Option<FailureReason>,
}

/// What becomes of a release whose execution has ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Remedy {
    FlipBack,
    /// Only the record is closed, and what there is to say about it.
    Close(&'static str),
}

/// Decides by what the record says of the traffic.
pub fn remedy(record: &Record, when_stopped: WhenStopped) -> Remedy {
    let has_moved = record.release.as_ref().is_some_and(Release::has_moved);
    let holder = record.holder.as_ref();
    let left = holder.and_then(|holder| record.left_flipped_by(holder));
    let requested = record.release.as_ref().and_then(Release::stop_reason);
    match when_stopped {
        _ if !has_moved => Remedy::Close("it left nothing to flip back"),
        _ if left.is_none() => Remedy::Close("a version flipped it that left traffic where it was"),
        _ if requested.is_some() => Remedy::FlipBack,
        WhenStopped::FlipBack => Remedy::FlipBack,
        WhenStopped::Leave => Remedy::Close("traffic stays where it is (parameter WhenStopped)"),
    }
}

impl Stopped {
    /// Reads how the holder ended; the error says why its end is no matter of flip.
    pub fn read(
        record: &Record,
        holder: &ExecutionArn,
        state: ExecutionState,
    ) -> Result<Stopped, String> {
        let (status, at) = match state {
            ExecutionState::Running => return Err(format!("execution {holder} is still running")),
            ExecutionState::Ended { status, at } => (status, at),
        };
        // Nothing is known of what its SQL has done. The next request takes the record over.
        let mut contract = record.contract.iter();
        if contract.any(|it| it.execution == *holder) {
            return Err(format!("the contract step of {holder} flipped nothing"));
        }
        let release = record.release.as_ref();
        Ok(Stopped {
            execution: holder.clone(),
            status,
            at,
            requested: release.and_then(Release::stop_reason),
        })
    }

    /// The reason of the end. A person's request speaks against the build, and an end for any other reason does not.
    pub fn reason(&self, note: &str) -> FailureReason {
        if let Some(requested) = &self.requested {
            return requested.with_note(note);
        }
        let Stopped {
            execution,
            status,
            at,
            ..
        } = self;
        let at = at.map_or_else(String::new, |at| format!(" at {at}"));
        let happened = match status {
            Some(status) => format!("execution {execution} was {status}{at}"),
            None => format!("execution {execution} is not known to Step Functions any more"),
        };
        FailureReason::failure("ReleaseStopped", &format!("{happened}: {note}"))
    }

    /// Takes the record from the execution. None where the record needs a flip back first, as it is now: a last flip of
    /// the execution has ended since it was read. `settled` says that a flip back was made, or refused for good.
    pub fn close(
        &self,
        record: &Record,
        when_stopped: WhenStopped,
        settled: bool,
        reason: &FailureReason,
        now: Time,
    ) -> Option<CloseStopped> {
        let closed = record.close_stopped(&self.execution, self.at, reason, now);
        let first = !settled && remedy(record, when_stopped) == Remedy::FlipBack;
        let is_closed = matches!(closed, CloseStopped::Closed(_));
        (!(is_closed && first)).then_some(closed)
    }

    /// The refused flip back for the reason in words, and what may end it.
    pub fn complaint(&self, reason: &FailureReason) -> String {
        match self.requested {
            Some(_) => reason.to_string(),
            None => format!(
                "{reason}. With the parameter WhenStopped set to leave, traffic stays where it is"
            ),
        }
    }

    /// Whether a refused flip back is an error now, and not the end of the matter.
    pub fn complains(&self, now: Time) -> bool {
        let complains = TimeDelta::minutes(COMPLAINS_MINUTES);
        self.at.is_none_or(|at| now < at + complains)
    }
}

#[cfg(test)]
#[path = "stopped_tests.rs"]
mod tests;
