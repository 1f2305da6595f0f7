//! Places a request in the order of the record, and asks for its admission.

use super::admission::{Admission, admission};
use super::holder::holder_state;
use crate::request::Request;
use crate::task::Execution;
use chrono::Utc;
use record::{Enqueued, QueuedRequest, Record, Store};
use shared::Error;

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
        | Enqueued::Duplicate { .. } => (None, record.clone()),
    };
    let record = store.change(enqueue).await?;
    let holder = holder_state(sfn, &record, &request.execution).await?;
    let admission = admission(&record, request, holder.as_ref(), Utc::now());
    Ok((admission, record))
}

/// A push is placed by when it was pushed, an operator's request by when it was made.
pub(super) fn queued_request(request: &Request, execution: &Execution) -> QueuedRequest {
    let (made_at, pushed_digest) = if let Request::Push { at, digest, .. } = request {
        (*at, Some(digest.clone()))
    } else {
        (execution.start_time, None)
    };
    QueuedRequest {
        made_at,
        started_at: execution.start_time,
        execution: execution.arn.clone(),
        pushed_digest,
    }
}
