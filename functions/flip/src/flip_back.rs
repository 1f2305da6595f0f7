//! The flip back: every rule forwards to the release's previous environment. A state machine asks for it, an
//! alarm, or the end of an execution.

use crate::alarm::{AlarmStateChange, StateValue};
use crate::answer::{Answer, Decision};
use crate::capacity::{Capacity, Need};
use crate::event::Alarms;
use crate::invocation::Invocation;
use crate::look::Snapshot;
use crate::traffic::{Leased, write_under_lease};
use chrono::Utc;
use record::{FlipBackCause, Record};
use shared::{Error, FailureReason, Refusal, Time};

pub(crate) async fn flip_back(
    invocation: &Invocation<'_>,
    cause: &FlipBackCause,
    reason: &FailureReason,
) -> Result<Answer, Error> {
    let Invocation { owner, until, .. } = invocation;
    let begin = |record: &Record, snapshot: Option<&Snapshot>| {
        // The record keeps the note: an execution that finds an alarm's flip back has its notice from there.
        let capacity = snapshot.map(|snapshot| snapshot.targets.receiving);
        let shortage = capacity.as_ref().and_then(Capacity::shortage);
        let note = |it: String| reason.with_note(&format!("flipped back with {it}"));
        let reason = shortage.map_or_else(|| reason.clone(), note);
        record.begin_flip_back(owner, cause, &reason, Utc::now(), *until)
    };
    let need = async |record: &Record| Ok(need(record));
    let end = async |leased: &Leased| {
        let release = &leased.release;
        let ended = |record: &Record| {
            let note = freeze_note(record, Utc::now());
            (record.end_flip_back(owner, &release.id), note)
        };
        let note = invocation
            .store
            .change_from(leased.record.clone(), ended)
            .await?;
        let reason = release.reason.as_deref().unwrap_or_default();
        let answer = Answer::new(Decision::FlippedBack, reason).about(release);
        Ok(answer.with_warning(note))
    };
    let mut answer = Box::pin(write_under_lease(invocation, None, begin, need, end)).await?;
    if answer.decision == Decision::AlreadyThere {
        answer.decision = Decision::AlreadyFlippedBack;
    }
    Ok(answer)
}

/// What a flip back of a release with FreezeAfterRollback leaves, for a person.
pub(crate) fn freeze_note(record: &Record, now: Time) -> Option<String> {
    let freezes = record.release.as_ref()?.freeze_after_rollback;
    let frozen = record.freeze_at(now).filter(|_| freezes);
    frozen.map(|freeze| freeze.described().into_reason())
}

/// Traffic needs somewhere to go: one healthy target is enough, of as many tasks as the release found there.
pub(crate) fn need(record: &Record) -> Need {
    let release = record.release.as_ref();
    Need::one_of(release.map_or(0, |release| release.from_desired))
}

/// One event may hold several alarms: the first that concerns the release decides. Where none does, one that could not
/// be read may have been the one.
pub(crate) async fn flip_back_for_alarms(
    invocation: &Invocation<'_>,
    alarms: Alarms,
) -> Result<Answer, Error> {
    let foreign = alarms.foreign.first().map(Refusal::as_str);
    let mut answer = Answer::new(Decision::Ignored, foreign.unwrap_or("no alarm"));
    for alarm in alarms.trusted {
        answer = for_alarm(invocation, alarm).await?;
        if answer.decision != Decision::Ignored {
            return Ok(answer);
        }
    }
    alarms.unreadable.map_or(Ok(answer), Err)
}

/// A refusal is an error here: an answer would end the delivery, and an alarm does not fire twice. Lambda repeats the
/// delivery after an error.
async fn for_alarm(invocation: &Invocation<'_>, alarm: AlarmStateChange) -> Result<Answer, Error> {
    let (name, state) = (&alarm.name, alarm.state);
    if state != StateValue::Alarm {
        let reason = format!("alarm {name} is {state}, and only ALARM flips back");
        return Ok(Answer::new(Decision::Ignored, reason));
    }
    let cause = FlipBackCause::Alarm {
        changed_at: alarm.changed_at,
        environment: alarm.environment,
    };
    let reason = FailureReason::Words(format!("alarm {name}: {}", alarm.reason));
    let answer = flip_back(invocation, &cause, &reason).await?;
    if answer.decision == Decision::Refused {
        return Err(Error::FlipBackRefused(format!(
            "the flip back that the alarm asked for was refused: {}",
            answer.reason
        )));
    }
    Ok(answer)
}
