//! The order of requests: the newest one may begin, a push that is delivered twice counts once, and a push of a build that
//! ended badly not at all.

use crate::queued::QueuedRequest;
use crate::record::{End, Record};

/// The place of a request among those that came before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is the newest; the record to write says so.
    Newest(Record),
    /// It is the newest, and the record says so already.
    AlreadyEnqueued,
    /// A newer one came before it.
    Superseded { by: QueuedRequest },
    /// The same push was delivered before, to another execution.
    Duplicate { of: QueuedRequest },
    /// It is a push of a build whose last release ended badly: it takes no place.
    FailedBefore(End),
}

impl Record {
    /// Places a request among those that came before. Pushes of one second are ordered by their executions'
    /// start; the same digest pushed in the same second is one push that was delivered twice.
    pub fn enqueue(&self, request: &QueuedRequest) -> Enqueued {
        let as_newest = || {
            let held_back = self.held_back.clone();
            Enqueued::Newest(Record {
                newest: Some(request.clone()),
                // What an operator requests is not what was pushed meanwhile.
                held_back: held_back.filter(|_| request.pushed_digest.is_none()),
                ..self.clone()
            })
        };
        if let Some(end) = self.bad_end_of(request) {
            return Enqueued::FailedBefore(end.clone());
        }
        let Some(newest) = &self.newest else {
            return as_newest();
        };
        let same_push = request.pushed_digest.is_some()
            && (newest.made_at, &newest.pushed_digest) == (request.made_at, &request.pushed_digest);
        if newest.execution == request.execution {
            Enqueued::AlreadyEnqueued
        } else if same_push {
            Enqueued::Duplicate { of: newest.clone() }
        } else if place(newest) > place(request) {
            Enqueued::Superseded { by: newest.clone() }
        } else {
            as_newest()
        }
    }
}

/// What orders two requests. Nothing is made after its execution has started: a record may hold a time from the future, which
/// would supersede every later request.
fn place(request: &QueuedRequest) -> impl Ord + '_ {
    let made_at = request.made_at.min(request.started_at);
    (made_at, request.started_at, &request.execution)
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
