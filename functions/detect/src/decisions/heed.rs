//! Answers a release's own execution, which asks before each of its steps forward what people say.

use super::patience::{seconds_before_flip, seconds_in_watch};
use super::policy::DecisionPolicy;
use super::texts::{ask_at_gate, ask_to_resume, describe_gate};
use crate::claim::Context;
use crate::task::{Answer, Failure, HeedDecision, HeedTask, Heeded, NextStep};
use chrono::Utc;
use record::{Approval, Before, Gate, Heed, HeedTerms, Phase, Record, Release, Time};
use shared::{Error, FailureReason, Refusal, pace, whole_second};

/// # Errors
/// `InvalidInput` where a flip names no share; whatever kept detect from reading or writing the record.
pub(crate) async fn heed(context: &Context, task: &HeedTask) -> Result<Heeded, Error> {
    let terms = HeedTerms {
        execution: &task.execution.arn,
        release: &task.release,
        before: task.before()?,
        ready: task.ready,
    };
    let change = |record: &Record| {
        let (next, heed) = record.heed(&terms, Utc::now());
        (next, (heed, record.release.clone()))
    };
    let (heed, release) = context.store.change(change).await?;
    let policy = &context.decisions;
    Ok(heeded(task, heed, release.as_ref(), policy, Utc::now()))
}

impl HeedTask {
    fn before(&self) -> Result<Option<Before>, Error> {
        Ok(match self.before {
            None => None,
            Some(NextStep::Commands) => Some(Before::Commands),
            Some(NextStep::Finish) => Some(Before::Finish),
            Some(NextStep::Flip) => {
                let share = self.share.ok_or_else(|| {
                    let reason = "share: expected one before a flip, found none. Check the state machine's Arguments.";
                    Error::InvalidInput(reason.to_owned())
                })?;
                Some(Before::Flip(share))
            }
        })
    }
}

fn heeded(
    task: &HeedTask,
    heed: Heed,
    release: Option<&Release>,
    policy: &DecisionPolicy,
    now: Time,
) -> Heeded {
    let go_on = Heeded {
        decision: HeedDecision::GoOn,
        finish: false,
        held: false,
        reason: format!("nobody keeps release {} from going on", task.release),
        gate: None,
        ask: None,
        until: None,
        seconds: seconds(task, release, policy, now),
        failure: None,
    };
    match heed {
        Heed::GoOn { finish } => Heeded {
            finish,
            reason: ended_by(release).filter(|_| finish).unwrap_or(go_on.reason),
            ..go_on
        },
        Heed::Ends(reason) => Heeded {
            decision: HeedDecision::End,
            reason: reason.to_string(),
            failure: Some(failure(&reason)),
            ..go_on
        },
        Heed::Waits {
            reason,
            gate,
            held_until,
            finish,
        } => {
            let waits = Heeded {
                decision: HeedDecision::Wait,
                finish,
                held: held_until.is_some(),
                ..go_on
            };
            let approval = release.and_then(|release| release.approval.as_ref());
            waiting(task, waits, reason, gate, held_until, approval, now)
        }
    }
}

/// With a gate, that one is told: it needs a person.
fn waiting(
    task: &HeedTask,
    waits: Heeded,
    reason: Refusal,
    gate: Option<Gate>,
    held_until: Option<Time>,
    approval: Option<&Approval>,
    now: Time,
) -> Heeded {
    let (reason, ask) = match &gate {
        Some(gate) => (
            describe_gate(gate, approval),
            Some(ask_at_gate(&gate.release, gate.before)),
        ),
        None => (
            reason.into_reason(),
            held_until.map(|_| ask_to_resume(&task.release)),
        ),
    };
    let until = gate.as_ref().map(|gate| gate.until).or(held_until);
    let soonest = [until, held_until].into_iter().flatten().min();
    // Not past the end of the wait: whatever it is then, it is said then.
    let left = soonest.map_or(i64::MAX, |until| (until - now).num_seconds() + 1);
    Heeded {
        reason,
        gate: gate.map(|gate| gate.before),
        ask,
        until: until.map(whole_second),
        seconds: waits.seconds.min(left).max(1),
        ..waits
    }
}

/// The wait of a contract step at its gate. Each look is a whole request, as it is of one that waits behind a release.
pub(crate) fn waits_at_gate(
    policy: &DecisionPolicy,
    reason: Refusal,
    gate: Option<Gate>,
    now: Time,
) -> Answer {
    let Some(gate) = gate else {
        return Answer::wait(reason.into_reason(), policy.poll_seconds);
    };
    let elapsed = (now - gate.opened_at).num_seconds();
    let total = i64::from(policy.approval.seconds);
    let left = (gate.until - now).num_seconds() + 1;
    let seconds = pace::QUEUED.seconds(elapsed, total, policy.poll_seconds);
    Answer::Wait {
        reason: describe_gate(&gate, Some(&policy.approval)),
        seconds: seconds.min(left).max(1),
        held_back: false,
        ask: Some(ask_at_gate(&gate.release, gate.before)),
        gate: Some(gate.before),
        until: Some(whole_second(gate.until)),
    }
}

fn ended_by(release: Option<&Release>) -> Option<String> {
    let release = release?;
    let by = &release.finished.as_ref()?.decision;
    let (id, share) = (&release.id, release.current_share());
    Some(format!(
        "the watch of release {id} at {share} was ended by {by}"
    ))
}

fn failure(reason: &FailureReason) -> Failure {
    Failure {
        error: reason.error_name().unwrap_or_default().to_owned(),
        cause: reason.to_string(),
    }
}

/// When the execution looks again, by how long it has waited for people.
fn seconds(task: &HeedTask, release: Option<&Release>, policy: &DecisionPolicy, now: Time) -> i64 {
    let elapsed = task.since.map_or(0, |since| (now - since).num_seconds());
    let approval = release.and_then(|release| release.approval.as_ref());
    let hold = policy.hold_seconds;
    let (pace, total) = if release.is_some_and(|it| it.phase == Phase::Deploying) {
        (pace::ASKING, seconds_before_flip(approval, hold))
    } else {
        let total = seconds_in_watch(approval, task.steps, hold);
        (pace::WATCHING, total)
    };
    pace.seconds(elapsed, total, policy.poll_seconds)
}

#[cfg(test)]
#[path = "heed_tests.rs"]
mod tests;
