//! The record as it stands in the table.

use record::Record;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The record, shared by the states that have the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item(pub Arc<Record>);

impl From<Record> for Item {
    fn from(record: Record) -> Item {
        Item(Arc::new(record))
    }
}

/// Only what a decision reads makes two states different; the claim's time and the words of a reason do not.
impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Record {
            version,
            newest,
            holder,
            lease,
            release,
            expands: _,
            contract,
            ends,
        } = self.0.as_ref();
        let ends = ends.iter().map(|it| &it.digest);
        ends.collect::<Vec<_>>().hash(state);
        contract.as_ref().map(|it| &it.barred_release).hash(state);
        (version, newest.as_ref().map(|it| &it.execution), holder).hash(state);
        let lease = lease.as_ref();
        lease
            .map(|it| (&it.owner, it.until, it.retried))
            .hash(state);
        let release = release.as_ref();
        release
            .map(|it| (&it.id, it.phase, it.from, it.to, it.flipped_at))
            .hash(state);
        // What the forwards are follows from where traffic was.
        let split = release.filter(|it| !it.original_forwards.is_empty());
        (release.and_then(|it| it.share), split.is_some()).hash(state);
        release.and_then(|it| it.passed_share).hash(state);
        let passed = release.and_then(|it| it.passed_smoke.as_ref());
        passed
            .map(|it| (&it.execution, &it.digest, &it.task_definition))
            .hash(state);
        release.is_some_and(|it| it.reason.is_some()).hash(state);
    }
}
