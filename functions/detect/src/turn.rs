//! Whose turn it is: the newest request, once no release is in progress and nothing of an earlier one is at work.

use chrono::TimeDelta;
use shared::record::{Arrival, Lease, Phase, Record, Request, Time};

/// How long a function that deploys may live, in seconds: its timeout in `template.yaml`.
pub const DEPLOY_SECONDS: i64 = 30;

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

/// An execution that was aborted leaves its last task at work: an update of the idle service on its way could
/// reach a side that has become active since.
fn still_deploying(record: &Record, ended: Time, now: Time) -> Option<Turn> {
    let deploying = record.release.as_ref()?.phase == Phase::Deploying;
    let until = ended + TimeDelta::seconds(DEPLOY_SECONDS + Lease::MARGIN_SECONDS);
    (deploying && until > now).then(|| Turn::Wait {
        reason: format!(
            "{} has ended without giving it back, and its last task may be at work until {until}",
            about(record)
        ),
        until: Some(until),
    })
}

/// The release in progress, for a person.
fn about(record: &Record) -> String {
    let holder = record.holder.as_deref().unwrap_or_default();
    match &record.release {
        Some(release) => format!("release {} ({}) of {holder}", release.id, release.phase),
        None => holder.to_owned(),
    }
}

#[cfg(test)]
#[path = "turn_tests.rs"]
mod tests;
