//! Places a request in the order of the record, and asks for its admission.

use super::admission::{Admission, admission};
use super::holder::holder_state;
use crate::request::Request;
use crate::task::Execution;
use chrono::Utc;
use record::{Enqueued, QueuedRequest, Record, Store};
use shared::{Digest, Error};

/// Writes the request down if it is the newest and `may_write`, and decides its admission; with the record as it is
/// then, before anybody looks at the rules.
pub(super) async fn enqueue(
    store: &Store,
    sfn: &aws_sdk_sfn::Client,
    request: &QueuedRequest,
    may_write: bool,
) -> Result<(Admission, Record), Error> {
    let enqueue = |record: &Record| match record.enqueue(request) {
        Enqueued::Newest(next) if may_write => {
            let version = record.version + 1;
            (Some(next.clone()), Record { version, ..next })
        }
        Enqueued::Newest(_)
        | Enqueued::AlreadyEnqueued
        | Enqueued::Superseded { .. }
        | Enqueued::Duplicate { .. }
        | Enqueued::FailedBefore(_) => (None, record.clone()),
    };
    let record = store.change(enqueue).await?;
    let holder = holder_state(sfn, &record, &request.execution).await?;
    let admission = admission(&record, request, holder.as_ref(), Utc::now());
    Ok((admission, record))
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
