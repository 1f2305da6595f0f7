//! Places a request in the order of the record, and asks for its admission.

use super::admission::{Admission, admission};
use super::context::Context;
use super::holder::record_and_holder;
use crate::decisions::{AfterFreeze, Bar, DecisionPolicy, bar};
use crate::halt::Halt;
use crate::request::{ExecutionRequest, Request};
use crate::task::Execution;
use chrono::Utc;
use record::{Enqueued, HoldBack, QueuedRequest, Record, Time};
use shared::{Digest, Refusal};

/// What the record says about a request, as it is before anybody looks at the rules.
pub(super) struct Placed {
    pub admission: Admission,
    pub record: Record,
    /// What is to keep it from beginning, though nothing is in progress.
    pub bar: Option<Bar>,
    /// A freeze has held it back for good.
    pub held_back: bool,
    /// An earlier try of it has claimed the record.
    pub has_begun: bool,
}

/// What became of a request in the record.
enum Place {
    InOrder(Option<Record>),
    HeldBack(Option<Record>),
}

/// Writes the request down if it is the newest, and decides its admission. Neither a preview nor a sync is written down, nor
/// is an operator's request that is refused since nothing is to begin now. `record` was read while the image was looked up.
pub(super) async fn enqueue(
    context: &Context,
    requested: &ExecutionRequest,
    request: &QueuedRequest,
    record: Record,
) -> Result<Placed, Halt> {
    let policy = &context.decisions;
    let place = |record: &Record| {
        let now = Utc::now();
        let bar = bar(record, policy, &request.execution, now);
        if let Some(refusal) = bar.as_ref().and_then(|bar| refused(requested, bar)) {
            return (None, Err(refusal));
        }
        let (next, held_back) = match place(record, policy, requested, request, now) {
            Place::InOrder(next) => (next, false),
            Place::HeldBack(next) => (next, true),
        };
        let after = Record {
            version: record.version + u64::from(next.is_some()),
            ..next.as_ref().unwrap_or(record).clone()
        };
        (next, Ok((after, bar, held_back)))
    };
    let (record, bar, held_back) = context.store.change_from(record, place).await??;
    let (store, sfn) = (&context.store, &context.sfn);
    let (record, holder) = record_and_holder(store, sfn, record, &request.execution).await?;
    let admission = admission(&record, request, holder.as_ref(), Utc::now());
    Ok(Placed {
        has_begun: record.holder.as_ref() == Some(&request.execution),
        admission,
        record,
        bar,
        held_back,
    })
}

fn place(
    record: &Record,
    policy: &DecisionPolicy,
    requested: &ExecutionRequest,
    request: &QueuedRequest,
    now: Time,
) -> Place {
    if requested.preview || requested.is_sync() {
        return Place::InOrder(None);
    }
    // What was held back once stays so: whoever has ended the freeze has learnt of it.
    if requested.is_push() && policy.after_freeze == AfterFreeze::Name {
        match record.hold_back(request, requested.request.pushed_tag(), now) {
            HoldBack::HeldBack(next) => return Place::HeldBack(Some(next)),
            HoldBack::HeldBackBefore => return Place::HeldBack(None),
            HoldBack::Overtaken(_) => return Place::InOrder(None),
            HoldBack::NotFrozen => {}
        }
    }
    Place::InOrder(match record.enqueue(request) {
        Enqueued::Newest(next) => Some(next),
        Enqueued::AlreadyEnqueued
        | Enqueued::Superseded { .. }
        | Enqueued::Duplicate { .. }
        | Enqueued::FailedBefore(_) => None,
    })
}

/// Why nothing is written of a request that cannot begin now; none where it waits for that, or is held back.
fn refused(requested: &ExecutionRequest, bar: &Bar) -> Option<Refusal> {
    let waits = bar.lets_wait(requested.is_push());
    let goes_on = requested.preview || requested.overrides.is_some() || waits;
    (!goes_on).then(|| bar.refuses())
}

/// A push is placed by when it was pushed, an operator's request by when it was made; `members` are those of a pushed index.
pub(super) fn queued_request(
    request: &Request,
    members: &[Digest],
    execution: &Execution,
) -> QueuedRequest {
    let started_at = execution.start_time;
    let by_operator = QueuedRequest {
        made_at: started_at,
        started_at,
        execution: execution.arn.clone(),
        pushed_digest: None,
        pushed_members: Vec::new(),
    };
    let Request::Push { at, digest, .. } = request else {
        return by_operator;
    };
    QueuedRequest {
        // Nothing is pushed after its execution has started. An event from the future would supersede every later push.
        made_at: started_at.min(*at),
        pushed_digest: Some(digest.clone()),
        pushed_members: members.to_vec(),
        ..by_operator
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
