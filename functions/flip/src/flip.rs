//! The flip: every rule gives the release's new environment its share of the traffic, and the watch of it begins.

use crate::ahead::{self, Ahead};
use crate::answer::{Answer, Decision};
use crate::capacity::{Need, is_new_flip};
use crate::decide::RuleWrites;
use crate::invocation::Invocation;
use crate::look::Snapshot;
use crate::rules::ListenerRules;
use crate::task::FlipTask;
use crate::traffic::{Leased, write_under_lease};
use aws_sdk_ecs::Client;
use chrono::Utc;
use record::{BeginFlip, EndFlip, Flip, Record, Release};
use shared::ecs::read_service;
use shared::{Error, Share};

/// Flips the release of the task's plan to the share that it asks for.
pub(crate) async fn flip(
    invocation: &Invocation<'_>,
    ecs: &Client,
    task: &FlipTask,
) -> Result<Answer, Error> {
    let share = match task.share() {
        Ok(share) => share,
        Err(refusal) => return Ok(Answer::new(Decision::Refused, refusal)),
    };
    let id = &task.plan.release;
    let begin = |record: &Record, snapshot: Option<&Snapshot>| {
        let flip = Flip {
            execution: &task.execution,
            release: id,
            revision: task.task_definition.as_deref(),
            share,
            original_forwards: snapshot.map_or(&[], |it| &it.original_forwards),
        };
        let begun = record.begin_flip(&flip, Utc::now(), invocation.until);
        if !is_new_flip(record) && matches!(begun, BeginFlip::Begun { .. }) {
            invocation.flip_begins();
        }
        begun
    };
    let need = async |record: &Record| {
        if !is_new_flip(record) {
            return Ok(Need::one_of(task.wanted));
        }
        // No guess stands for an answer: without one there is no flip, and the state machine tries again.
        let active = read_service(ecs, &task.plan.active).await?;
        Ok(ahead::need(record, task, &active, share))
    };
    let end = async |leased: &Leased| end(invocation, leased, share).await;
    let new = |record: &Record| {
        is_new_flip(record) && matches!(begin(record, None), BeginFlip::Begun { .. })
    };
    let ahead = Ahead::read(invocation, ecs, task, share, new).await?;
    Box::pin(write_under_lease(invocation, Some(ahead), begin, need, end)).await
}

/// Ends the flip in the record, unless it was overtaken.
async fn end(invocation: &Invocation<'_>, leased: &Leased, share: Share) -> Result<Answer, Error> {
    let Leased {
        record, release, ..
    } = leased;
    let ended = |record: &Record| match record.end_flip(&invocation.owner, &release.id, share) {
        EndFlip::Ended(next) => (Some(next), None),
        EndFlip::AlreadyEnded => (None, None),
        EndFlip::Overtaken(recorded) => (None, Some(recorded)),
    };
    let overtaken = invocation.store.change_from(record.clone(), ended).await?;
    if let Some(recorded) = overtaken {
        let reason = repair(invocation.rules, &recorded, release).await?;
        return Ok(Answer::new(Decision::Refused, reason).about(release));
    }
    let decision = match leased.writes().len() {
        0 => Decision::AlreadyThere,
        _ => Decision::Flipped,
    };
    let reason = format!("every rule forwards to {}", release.expected_traffic());
    Ok(Answer::new(decision, reason).about(release))
}

/// Undoes the writes of the flip of `release`, which was overtaken: its lease had ended, and somebody else changed the
/// record before the flip could end. The rules belong where the record says, which speaks of `recorded` now.
async fn repair(
    rules: &ListenerRules,
    recorded: &Release,
    release: &Release,
) -> Result<String, Error> {
    let overtaken = "the flip was overtaken";
    let expected = recorded.expected_traffic();
    let splits = [recorded.splits(), release.splits()];
    let snapshot = rules.snapshot(expected, &splits, Need::one_of(1)).await?;
    let writes = match snapshot.writes {
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
