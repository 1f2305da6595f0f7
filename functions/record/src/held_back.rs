//! A push that comes while releases are frozen: it takes its place as the newest request, and does not begin.

use crate::order::Enqueued;
use crate::queued::{HeldBack, QueuedRequest};
use crate::record::Record;
use shared::{ExecutionArn, Time};

/// What became of a push that comes while releases are frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoldBack {
    /// The record to write: it is the newest request, and held back.
    HeldBack(Record),
    HeldBackBefore,
    /// It will never begin anyway.
    Overtaken(Enqueued),
    /// It may begin: nothing is frozen, or it has claimed the record before.
    NotFrozen,
}

impl HoldBack {
    /// The record to write, if there is one.
    pub fn record(&self) -> Option<Record> {
        let HoldBack::HeldBack(record) = self else {
            return None;
        };
        Some(record.clone())
    }
}

impl Record {
    /// Places a push that comes while releases are frozen, and holds it back in the same write. Once held back it stays so.
    pub fn hold_back(&self, request: &QueuedRequest, tag: Option<&str>, now: Time) -> HoldBack {
        if self.is_held_back(&request.execution) {
            return HoldBack::HeldBackBefore;
        }
        let has_claimed = self.holder.as_ref() == Some(&request.execution);
        if has_claimed || self.freeze_at(now).is_none() {
            return HoldBack::NotFrozen;
        }
        let placed = match self.enqueue(request) {
            Enqueued::Newest(record) => record,
            Enqueued::AlreadyEnqueued => self.clone(),
            overtaken @ (Enqueued::Superseded { .. }
            | Enqueued::Duplicate { .. }
            | Enqueued::FailedBefore(_)) => return HoldBack::Overtaken(overtaken),
        };
        HoldBack::HeldBack(Record {
            held_back: Some(HeldBack {
                request: request.clone(),
                tag: tag.map(str::to_owned),
            }),
            ..placed
        })
    }

    /// Whether a freeze has held back the request of this execution, which does not begin then, whatever happens to the
    /// freeze.
    pub(crate) fn is_held_back(&self, execution: &ExecutionArn) -> bool {
        let held_back = self.held_back.as_ref();
        held_back.is_some_and(|it| it.request.execution == *execution)
    }
}

#[cfg(test)]
#[path = "held_back_tests.rs"]
mod tests;
