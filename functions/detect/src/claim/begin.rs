//! Whether a request for a release or a sync goes on, by its admission. Pure.

use super::admission::{Admission, Skipped};
use super::unfinished::to_flip_back;
use crate::request::ExecutionRequest;
use crate::task::Answer;
use record::{Record, Time};
use shared::{ExecutionArn, Refusal, WhenStopped};
use std::ops::ControlFlow;

/// What a request that goes on has met.
pub(super) struct Begin {
    /// A holder whose execution has ended.
    pub dead_holder: Option<ExecutionArn>,
    /// What the release would wait for, which a preview does not.
    pub waits: Option<String>,
}

/// Whether the request goes on, or the answer that ends this try.
pub(super) fn begin(
    requested: &ExecutionRequest,
    record: &Record,
    admission: Admission,
    when_stopped: WhenStopped,
    now: Time,
) -> ControlFlow<Answer, Begin> {
    let sync = requested.is_sync();
    match admission {
        Admission::Begin { dead_holder } => {
            match to_flip_back(record, dead_holder.as_ref(), when_stopped) {
                Some(reason) => ControlFlow::Break(Answer::end_stopped(reason)),
                None => ControlFlow::Continue(Begin {
                    dead_holder,
                    waits: None,
                }),
            }
        }
        Admission::Skip(Skipped { reason, superseded }) => {
            ControlFlow::Break(Answer::Skip { reason, superseded })
        }
        Admission::Wait { reason, .. } if sync => {
            let remedy = "a sync would end its flip back. Request it again when that has ended.";
            let reason = Refusal::from(format!("{reason}: {remedy}"));
            ControlFlow::Break(Answer::Refuse { reason })
        }
        Admission::Wait { reason, .. } if requested.preview => ControlFlow::Continue(Begin {
            dead_holder: None,
            waits: Some(format!("{reason}, so it would wait")),
        }),
        Admission::Wait { reason, until } => ControlFlow::Break(Answer::wait(reason, until, now)),
    }
}
