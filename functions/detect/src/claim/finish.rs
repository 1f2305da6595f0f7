//! Ends a release or a contract step in the record, and releases the record.

use crate::task::{Answer, Execution};
use record::{Finish, Outcome, Record, Store};
use shared::Error;

pub(crate) async fn finish(
    store: &Store,
    execution: &Execution,
    outcome: Outcome,
    reason: &str,
) -> Result<Answer, Error> {
    let finish = |record: &Record| {
        let finish = record.finish(&execution.arn, outcome, reason);
        let next = match &finish {
            Finish::Finished(next) | Finish::RolledBackMeanwhile(next) => Some(next.clone()),
            Finish::NotHolder(_) => None,
        };
        (next, finish)
    };
    let (phase, rolled_back) = match store.change(finish).await? {
        Finish::Finished(record) => (record.release.map(|release| release.phase), None),
        Finish::RolledBackMeanwhile(record) => match record.release {
            Some(release) => (Some(release.phase), release.reason),
            None => (None, None),
        },
        Finish::NotHolder(phase) => (phase, None),
    };
    Ok(Answer::Finished {
        phase,
        reason: rolled_back.unwrap_or_else(|| reason.to_owned()),
    })
}
