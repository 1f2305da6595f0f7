//! Whether a request may begin: it is the newest, no release is in progress, and nothing of an earlier one is at work.

use super::unfinished::describe_release;
use record::{Enqueued, Lease, QueuedRequest, Record, Time};
use shared::ExecutionArn;

/// What the record says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    Begin {
        /// A holder whose execution has ended without releasing the record.
        dead_holder: Option<ExecutionArn>,
    },
    Wait {
        reason: String,
        /// None: nobody knows how long.
        until: Option<Time>,
    },
    /// It will never begin.
    Skip(Skipped),
}

/// Why a request never begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub reason: String,
    /// A newer request takes its place.
    pub superseded: bool,
}

/// The execution that holds the record, when it is not the request's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderState {
    Running,
    /// It was aborted, or timed out: when, unless Step Functions does not know it any more.
    Ended(Option<Time>),
}

impl HolderState {
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self, HolderState::Ended(_))
    }
}

/// Decides the admission; `holder` is none where no other execution holds the record.
pub fn admission(
    record: &Record,
    request: &QueuedRequest,
    holder: Option<&HolderState>,
    now: Time,
) -> Admission {
    // An earlier try of this very task has claimed: whatever was requested since then waits for this release.
    if record.holder.as_ref() == Some(&request.execution) {
        return Admission::Begin { dead_holder: None };
    }
    if let Some(skipped) = overtaken(record, request) {
        return Admission::Skip(skipped);
    }
    let wait = wait_for_holder(record, holder, now).or_else(|| wait_for_lease(record, now));
    wait.unwrap_or_else(|| Admission::Begin {
        dead_holder: record.holder_other_than(&request.execution).cloned(),
    })
}

/// Why the request never begins.
fn overtaken(record: &Record, request: &QueuedRequest) -> Option<Skipped> {
    let enqueued = record.enqueue(request);
    let reason = match &enqueued {
        Enqueued::Superseded { by } => format!(
            "superseded by a newer request, made at {} ({})",
            by.made_at, by.execution
        ),
        Enqueued::Duplicate { of } => {
            format!("this push was delivered before, to {}", of.execution)
        }
        Enqueued::FailedBefore(end) => format!(
            "release {} of {} ended badly: {}. A push does not release this build again. To release it all the same, \
             request it by its tag or digest",
            end.release, end.digest, end.reason
        ),
        Enqueued::Newest(_) | Enqueued::AlreadyEnqueued => return None,
    };
    let superseded = matches!(enqueued, Enqueued::Superseded { .. });
    Some(Skipped { reason, superseded })
}

/// An execution that was aborted leaves its last task at work: an update of the idle service on its way could reach an
/// environment that has become active since, and a migration goes on until ECS has stopped it.
pub(super) fn wait_for_holder(
    record: &Record,
    holder: Option<&HolderState>,
    now: Time,
) -> Option<Admission> {
    match holder? {
        HolderState::Running => Some(Admission::Wait {
            reason: format!("{} holds the record", describe_holder(record)),
            until: None,
        }),
        HolderState::Ended(ended) => {
            let until = record.at_work_until((*ended)?)?;
            (until > now).then(|| Admission::Wait {
                reason: format!(
                    "{} has ended without releasing the record, and its last task may be at work until {until}",
                    describe_holder(record)
                ),
                until: Some(until),
            })
        }
    }
}

fn wait_for_lease(record: &Record, now: Time) -> Option<Admission> {
    let Lease { owner, until, .. } = record.live_lease(now)?;
    Some(Admission::Wait {
        reason: format!("{owner} may still write to the rules, until {until}"),
        until: Some(*until),
    })
}

/// What is in progress, for a person.
fn describe_holder(record: &Record) -> String {
    let Some(holder) = &record.holder else {
        return String::new();
    };
    match (&record.contract, &record.release) {
        (Some(it), _) if it.execution == *holder => format!("the contract step of {holder}"),
        (_, Some(release)) => format!("{} of {holder}", describe_release(release)),
        (_, None) => holder.to_string(),
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
