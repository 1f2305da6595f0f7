//! Writes into the record which share has passed its watch: no larger one begins without that.

use crate::task::Answer;
use chrono::Utc;
use record::{PassStep, Record, Store};
use shared::{Error, ExecutionArn, ReleaseId, Share};

/// A refusal is an answer, after which the share does not grow.
pub(crate) async fn pass_step(
    store: &Store,
    execution: &ExecutionArn,
    release: &ReleaseId,
    share: Share,
) -> Result<Answer, Error> {
    let pass = |record: &Record| {
        let pass = record.pass_step(release, execution, share, Utc::now());
        (pass.record(), pass)
    };
    let (recorded, waits, reason) = match store.change(pass).await? {
        PassStep::Recorded(_) | PassStep::AlreadyRecorded => {
            let reason = format!("release {release} passed its watch at {share} of the traffic");
            (true, false, reason)
        }
        PassStep::Waits(refusal) => (false, true, refusal.into_reason()),
        PassStep::Refused(refusal) => (false, false, refusal.into_reason()),
    };
    Ok(Answer::Step {
        recorded,
        waits,
        reason,
    })
}
