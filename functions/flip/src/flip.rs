//! The flip: every rule forwards to the release's new environment, and the watch begins.

use crate::answer::{Answer, Decision};
use crate::capacity::{Capacity, Need, is_new_flip};
use crate::decide::RuleWrites;
use crate::rules::ListenerRules;
use crate::traffic::{Invocation, write_under_lease};
use aws_sdk_ecs::Client;
use chrono::Utc;
use record::{EndFlip, Record, Release};
use shared::ecs::read_service;
use shared::{Environment, Error, ExecutionArn, ReleasePlan};

/// Flips the release of `plan`, for which `deployed` tasks of `revision` were deployed.
pub(crate) async fn flip(
    invocation: &Invocation<'_>,
    ecs: &Client,
    plan: &ReleasePlan,
    execution: &ExecutionArn,
    deployed: i32,
    revision: Option<&str>,
) -> Result<Answer, Error> {
    let id = &plan.release;
    let begin = |record: &Record, _: Option<&Capacity>| {
        record.begin_flip(execution, id, revision, Utc::now(), invocation.until)
    };
    let need = async |record: &Record| {
        if !is_new_flip(record) {
            return Ok(Need::one_of(deployed));
        }
        // No guess stands for an answer: without one there is no flip, and the state machine tries again.
        let active = read_service(ecs, &plan.active).await?;
        Ok(Need::of_new_flip(deployed, active.desired_count()))
    };
    let end = async |release: Release, written| {
        let ended = |record: &Record| match record.end_flip(&invocation.owner, id) {
            EndFlip::Ended(next) => (Some(next), None),
            EndFlip::AlreadyEnded => (None, None),
            EndFlip::Overtaken(expected) => (None, Some(expected)),
        };
        if let Some(expected) = invocation.store.change(ended).await? {
            let reason = repair(invocation.rules, expected).await?;
            return Ok(Answer::new(Decision::Refused, reason).about(&release));
        }
        let decision = match written {
            0 => Decision::AlreadyThere,
            _ => Decision::Flipped,
        };
        let reason = format!("every rule forwards to {}", release.to);
        Ok(Answer::new(decision, reason).about(&release))
    };
    Box::pin(write_under_lease(invocation, begin, need, end)).await
}

/// Undoes the writes of a flip that was overtaken: its lease had ended, and somebody else changed the record before the
/// flip could end. The rules belong where the record says.
async fn repair(rules: &ListenerRules, expected: Environment) -> Result<String, Error> {
    let overtaken = "the flip was overtaken";
    let (writes, _) = rules.writes_to(expected, Need::one_of(1)).await?;
    let writes = match writes {
        RuleWrites::Needed(writes) => writes,
        RuleWrites::NotReady(refusal) | RuleWrites::Refused(refusal) => {
            return Ok(format!(
                "{overtaken}, and the rules could not be pointed at {expected} again: {refusal}"
            ));
        }
    };
    rules.write(&writes, expected).await?;
    Ok(format!(
        "{overtaken}; every rule forwards to {expected} again"
    ))
}
