//! The flip: every rule forwards to the release's new environment, and the watch begins.

use crate::answer::{Answer, Decision};
use crate::decide::RuleWrites;
use crate::rules::ListenerRules;
use crate::traffic::{Invocation, Outcome, write_under_lease};
use chrono::Utc;
use record::{EndFlip, Record};
use shared::{Environment, Error, ExecutionArn, ReleaseId};

pub(crate) async fn flip(
    invocation: &Invocation<'_>,
    execution: &ExecutionArn,
    id: &ReleaseId,
) -> Result<Answer, Error> {
    let begin = |record: &Record| record.begin_flip(execution, id, Utc::now(), invocation.until);
    let (release, written) = match write_under_lease(invocation, begin).await? {
        Outcome::Forwarding { release, written } => (release, written),
        Outcome::NotWritten(answer) => return Ok(answer),
    };
    let end = |record: &Record| match record.end_flip(&invocation.owner, id) {
        EndFlip::Ended(next) => (Some(next), None),
        EndFlip::AlreadyEnded => (None, None),
        EndFlip::Overtaken(expected) => (None, Some(expected)),
    };
    if let Some(expected) = invocation.store.change(end).await? {
        let reason = repair(invocation.rules, expected).await?;
        return Ok(Answer::new(Decision::Refused, reason).about(&release));
    }
    let decision = if written == 0 {
        Decision::AlreadyThere
    } else {
        Decision::Flipped
    };
    let reason = format!("every rule forwards to {}", release.to);
    Ok(Answer::new(decision, reason).about(&release))
}

/// Undoes the writes of a flip that was overtaken: its lease had ended, and somebody else changed the record before the
/// flip could end. The rules belong where the record says.
async fn repair(rules: &ListenerRules, expected: Environment) -> Result<String, Error> {
    let overtaken = "the flip was overtaken";
    match rules.writes_to(expected).await? {
        RuleWrites::Needed(writes) => {
            rules.write(&writes, expected).await?;
            Ok(format!(
                "{overtaken}; every rule forwards to {expected} again"
            ))
        }
        RuleWrites::Refused(refusal) => Ok(format!(
            "{overtaken}, and the rules could not be pointed at {expected} again: {refusal}"
        )),
    }
}
