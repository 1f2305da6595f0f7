//! The record as it stands in the table.

use record::{Freeze, Gate, Record, Release};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// The record, shared by the states that have the same one, with its hash: that of every state needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item(pub Arc<Record>, u64);

impl From<Record> for Item {
    fn from(record: Record) -> Item {
        let mut state = DefaultHasher::new();
        Read(&record).hash(&mut state);
        Item(Arc::new(record), state.finish())
    }
}

impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.hash(state);
    }
}

/// A record as decisions read it.
struct Read<'a>(&'a Record);

/// Only what a decision reads makes two states different; the claim's time and the words of a reason do not.
impl Hash for Read<'_> {
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
            gate,
            freeze,
            held_back,
        } = self.0;
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
        hash_gate(gate.as_ref(), state);
        if let Some(release) = release {
            hash_people(release, state);
        }
        hash_freeze(freeze.as_ref(), state);
        let held_back = held_back.as_ref();
        held_back.map(|it| &it.request.execution).hash(state);
    }
}

fn hash_freeze<H: Hasher>(freeze: Option<&Freeze>, state: &mut H) {
    if let Some(Freeze {
        decision, ended, ..
    }) = freeze
    {
        (&decision.execution, decision.at).hash(state);
        ended.as_ref().map(|it| it.at).hash(state);
    }
}

/// What became of the gate, or until when somebody may decide.
fn hash_gate<H: Hasher>(gate: Option<&Gate>, state: &mut H) {
    let Some(Gate {
        release,
        before,
        opened_at,
        until,
        outcome,
        ..
    }) = gate
    else {
        return;
    };
    (release, before).hash(state);
    match outcome {
        Some(it) => (it.approved, it.decision.is_some(), it.replaced_by.is_some()).hash(state),
        None => (opened_at, until).hash(state),
    }
}

/// What people have said about the release.
fn hash_people<H: Hasher>(release: &Release, state: &mut H) {
    let Some(hold) = &release.hold else {
        return hash_words(release, state);
    };
    let ended = hold.ended.as_ref().map(|it| it.at);
    (
        &hold.decision.execution,
        hold.decision.at,
        hold.until,
        ended,
    )
        .hash(state);
    release.held_seconds.hash(state);
    hash_words(release, state);
}

fn hash_words<H: Hasher>(release: &Release, state: &mut H) {
    let finished = release.finished.as_ref().map(|it| it.share);
    (finished, release.stop.is_some(), release.share_since).hash(state);
}
