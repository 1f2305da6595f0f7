//! Whether a request may begin: it is the newest, no release is in progress, and nothing of an earlier one is at work.

use chrono::TimeDelta;
use record::{Enqueued, Lease, Phase, QueuedRequest, Record, Time};
use shared::ExecutionArn;

/// How long a function that deploys may live, in seconds: its timeout in `template.yaml`.
pub const DEPLOY_SECONDS: i64 = 30;

/// Seconds that a task may live after its stop was requested: the longest `stopTimeout` on Fargate (ECS API reference).
const MIGRATION_STOP_SECONDS: i64 = 120;

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
    /// It will never begin, and why.
    Skip(String),
}

/// The execution that holds the record, when it is not the request's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolderState {
    Running,
    /// It was aborted, or timed out: when, unless Step Functions does not know it any more.
    Ended(Option<Time>),
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
    if let Some(reason) = overtaken(record, request) {
        return Admission::Skip(reason);
    }
    let wait = wait_for_holder(record, holder, now).or_else(|| wait_for_lease(record, now));
    wait.unwrap_or_else(|| Admission::Begin {
        dead_holder: record.holder_other_than(&request.execution).cloned(),
    })
}

/// Why the request never begins.
fn overtaken(record: &Record, request: &QueuedRequest) -> Option<String> {
    match record.enqueue(request) {
        Enqueued::Superseded { by } => Some(format!(
            "superseded by a newer request, made at {} ({})",
            by.made_at, by.execution
        )),
        Enqueued::Duplicate { of } => Some(format!(
            "this push was delivered before, to {}",
            of.execution
        )),
        Enqueued::FailedBefore(end) => Some(format!(
            "release {} of {} ended badly: {}. A push does not release this build again. To release it all the same, \
             request it by its tag or digest",
            end.release, end.digest, end.reason
        )),
        Enqueued::Newest(_) | Enqueued::AlreadyEnqueued => None,
    }
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
            let until = at_work_until(record, (*ended)?)?;
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

/// Until when the last task of an execution may be at work that ended while it held the record; none: it has none.
fn at_work_until(record: &Record, ended: Time) -> Option<Time> {
    let contracts = record.contract.as_ref().map(|it| &it.execution) == record.holder.as_ref();
    let release = record.release.as_ref();
    let deploying = release.filter(|it| it.phase == Phase::Deploying);
    let seconds = match deploying {
        _ if contracts => MIGRATION_STOP_SECONDS,
        Some(release) if release.expand.is_some() => MIGRATION_STOP_SECONDS,
        Some(_) => DEPLOY_SECONDS,
        None => return None,
    };
    Some(ended + TimeDelta::seconds(seconds + Lease::MARGIN_SECONDS))
}

/// What is in progress, for a person.
fn describe_holder(record: &Record) -> String {
    let Some(holder) = &record.holder else {
        return String::new();
    };
    match (&record.contract, &record.release) {
        (Some(it), _) if it.execution == *holder => format!("the contract step of {holder}"),
        (_, Some(release)) => format!("release {} ({}) of {holder}", release.id, release.phase),
        (_, None) => holder.to_string(),
    }
}

#[cfg(test)]
#[path = "admission_tests.rs"]
mod tests;
