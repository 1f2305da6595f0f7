//! The freeze of all releases, and its end: by a person's word, or by its time.

use super::taken::taken;
use super::texts::describe_held_back;
use crate::claim::Context;
use crate::halt::Halt;
use crate::task::{Answer, DecidedAs, Execution};
use chrono::{TimeDelta, Utc};
use record::{Decision, EndFreeze, Record, Time};
use shared::{Error, Refusal};

/// An execution lives a year, and waits for the end of its freeze.
const MOST_DAYS: i64 = 364;

pub(super) async fn freeze(
    context: &Context,
    decision: &Decision,
    until: Option<Time>,
) -> Result<Answer, Halt> {
    within_a_year(decision, until)?;
    let change = |record: &Record| {
        let decided = record.begin_freeze(decision, until, Utc::now());
        (decided.record(), (decided, record.clone()))
    };
    let (decided, before) = context.store.change(change).await?;
    let after = decided.record().unwrap_or(before);
    let taken = taken(decided, decision)?;
    let freeze = after.freeze.as_ref();
    let reason = freeze.map(|freeze| freeze.described().into_reason());
    Ok(Answer::Decided {
        decided: DecidedAs::Frozen,
        release: None,
        reason: reason.unwrap_or_default(),
        before: taken.before,
        held_back: None,
        until: freeze.and_then(|freeze| freeze.until),
    })
}

fn within_a_year(decision: &Decision, until: Option<Time>) -> Result<(), Refusal> {
    let most = decision.at + TimeDelta::days(MOST_DAYS);
    match until {
        Some(until) if until > most => Err(Refusal::from(format!(
            "until: expected a time within {MOST_DAYS} days, at {most} at latest, found {until}. Without until, releases are \
             frozen until somebody unfreezes them."
        ))),
        Some(_) | None => Ok(()),
    }
}

pub(super) async fn unfreeze(context: &Context, decision: &Decision) -> Result<Answer, Halt> {
    let change = |record: &Record| {
        let decided = record.unfreeze(decision, Utc::now());
        (decided.record(), (decided, record.clone()))
    };
    let (decided, record) = context.store.change(change).await?;
    let taken = taken(decided, decision)?;
    let reason = format!("releases were unfrozen by {}", taken.decision);
    Ok(unfrozen(context, &record, reason, taken.before))
}

/// The end of a freeze by its time: only what this execution has frozen, and nobody since then.
pub(crate) async fn end_freeze(context: &Context, execution: &Execution) -> Result<Answer, Error> {
    let record = context.store.load().await?;
    let now = Utc::now();
    Ok(match record.end_freeze(&execution.arn, now) {
        EndFreeze::Ended => {
            let reason = "the time of the freeze is over: releases may begin".to_owned();
            unfrozen(context, &record, reason, false)
        }
        EndFreeze::NotYet { until } => {
            Answer::wait_until("releases are still frozen".to_owned(), until, now)
        }
        EndFreeze::NotItsOwn => Answer::skip(
            "somebody has ended this freeze before, or another one has taken its place",
        ),
    })
}

fn unfrozen(context: &Context, record: &Record, reason: String, before: bool) -> Answer {
    let repository = &context.observer.repository;
    let held_back = record.held_back.as_ref();
    Answer::Decided {
        decided: DecidedAs::Unfrozen,
        release: None,
        reason,
        before,
        held_back: held_back.map(|it| describe_held_back(it, repository)),
        until: None,
    }
}
