//! Whose turn it is: the newest request, once no release is in progress and nothing of an earlier one is at work.

use chrono::TimeDelta;
use shared::record::{Arrival, Lease, Phase, Record, Request, Time};

/// How long a function that deploys may live, in seconds: its timeout in `template.yaml`.
pub const DEPLOY_SECONDS: i64 = 30;

/// How long a task may live after it was asked to stop, in seconds: the longest `stopTimeout` on Fargate (ECS API reference).
const MIGRATION_STOP_SECONDS: i64 = 120;

/// What the record says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may go on; `gone` is a holder whose execution has ended without giving the record back.
    Mine {
        gone: Option<String>,
    },
    /// It waits, and for how long where that is known.
    Wait {
        reason: String,
        until: Option<Time>,
    },
    Skip(String),
}

/// The execution that holds the record, when it is not the request's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    Running,
    /// It was aborted, or timed out: when, unless that is long forgotten.
    Ended(Option<Time>),
}

/// Decides the turn; `holder` is none where nobody else holds the record.
pub fn turn(record: &Record, request: &Request, holder: Option<&Holder>, now: Time) -> Turn {
    // An earlier try of this very task has claimed: whatever arrived since then waits for this release.
    if record.holder.as_ref() == Some(&request.execution) {
        return Turn::Mine { gone: None };
    }
    match record.arrive(request) {
        Arrival::Superseded { by } => {
            return Turn::Skip(format!(
                "superseded by a newer request, made at {} ({})",
                by.made_at, by.execution
            ));
        }
        Arrival::Duplicate { of } => {
            return Turn::Skip(format!(
                "this push was delivered before, to {}",
                of.execution
            ));
        }
        Arrival::Newest(_) | Arrival::Known => {}
    }
    let gone = record.holder_other_than(&request.execution);
    match holder {
        Some(Holder::Running) => {
            return Turn::Wait {
                reason: format!("{} holds the record", about(record)),
                until: None,
            };
        }
        Some(Holder::Ended(Some(at))) if let Some(wait) = still_deploying(record, *at, now) => {
            return wait;
        }
        Some(Holder::Ended(_)) | None => {}
    }
    if let Some(lease) = record.live_writer(now) {
        return Turn::Wait {
            reason: format!(
                "{} may still be writing to the rule, until {}",
                lease.by, lease.until
            ),
            until: Some(lease.until),
        };
    }
    Turn::Mine {
        gone: gone.map(str::to_owned),
    }
}

/// An execution that was aborted leaves its last task at work: an update of the idle service on its way could reach a
/// side that has become active since, and a migration goes on until ECS has stopped it.
fn still_deploying(record: &Record, ended: Time, now: Time) -> Option<Turn> {
    let until = at_work_until(record, ended)?;
    (until > now).then(|| Turn::Wait {
        reason: format!(
            "{} has ended without giving it back, and its last task may be at work until {until}",
            about(record)
        ),
        until: Some(until),
    })
}

/// Until when the last task of an execution may be at work that ended while it held the record; none: it has none.
pub fn at_work_until(record: &Record, ended: Time) -> Option<Time> {
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

/// The release in progress, for a person.
fn about(record: &Record) -> String {
    let holder = record.holder.as_deref().unwrap_or_default();
    if record
        .contract
        .as_ref()
        .is_some_and(|it| it.execution == holder)
    {
        return format!("the contract step of {holder}");
    }
    match &record.release {
        Some(release) => format!("release {} ({}) of {holder}", release.id, release.phase),
        None => holder.to_owned(),
    }
}

#[cfg(test)]
#[path = "turn_tests.rs"]
mod tests;
