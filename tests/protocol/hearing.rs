//! People's words, as detect takes them; judged with what the code under test does not know.

use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::Execution;
use crate::fact::Fact;
use crate::names::index_of;
use crate::word::{Saw, Speech, Word};
use crate::world::World;
use record::{Decided, Gate, Phase, Record, WhenNewerPushed};

/// detect takes a word. `last` says that it does not come again.
pub fn hear(world: &mut World, index: usize, last: bool, decisions: &Decisions) {
    let mut word = world.words.remove(index);
    let record = world.record.clone();
    match decisions.decide(&record.0, &word, world.now) {
        Decided::Taken(next) => {
            judge(world, &word, &record.0, &next);
            remember(world, &word, &next);
            word.acted = true;
            world.store(next);
        }
        Decided::TakenBefore(_) => world.note(Fact::SaidBefore),
        Decided::Refused(_) => {
            world.note(Fact::WordRefused);
            word.halts = false;
            if last {
                return;
            }
        }
    }
    // A stop that was taken before is carried out all the same: whoever took it may have died since.
    word.halts = word.speech == Speech::Stop && is_to_halt(world, &word);
    if !last || word.halts {
        world.words.insert(index, word);
    }
}

/// The record says that this release is to be stopped, and its execution runs.
fn is_to_halt(world: &World, word: &Word) -> bool {
    let release = world.record.0.release.as_ref();
    let release = release.filter(|it| it.stop.is_some() && word.is_about(&it.id));
    release.is_some_and(|it| world.executions[index_of(&it.id)].at.is_running())
}

/// Whether the word may act there.
fn judge(world: &mut World, word: &Word, before: &Record, after: &Record) {
    let again = word.acted;
    let of_release = before.release.as_ref().map(|it| &it.id);
    let freezes = matches!(word.speech, Speech::Freeze | Speech::Unfreeze);
    let of_another = !freezes && !of_release.is_some_and(|it| word.is_about(it));
    let gate = before.gate.as_ref();
    let decides = matches!(word.speech, Speech::Approve | Speech::Reject);
    let decided = gate.is_some_and(|it| it.outcome.is_some() || it.until <= at(world.now));
    if again || decides && decided {
        world.note(Fact::DecidedTwice);
    }
    if of_another || !is_meant(word, before, gate) {
        world.note(Fact::ActedOnAnother);
    }
    let newer = word.release.is_some_and(|it| is_replaced(world, it, after));
    if word.speech == Speech::Approve && newer {
        world.note(Fact::ApprovedReplaced);
    }
}

/// Whether its person meant what it acts on.
fn is_meant(word: &Word, before: &Record, gate: Option<&Gate>) -> bool {
    let release = before.release.as_ref();
    let hold = release.and_then(|it| it.hold.as_ref());
    match word.speech {
        Speech::Approve | Speech::Reject => {
            let named = word.gate.map_or(word.saw.clone(), Saw::Gate);
            gate.is_some_and(|it| named == Saw::Gate(it.before))
        }
        Speech::Finish => release.is_some_and(|it| word.saw == Saw::Share(it.current_share())),
        Speech::Resume => hold.is_some_and(|it| word.may_end(&it.decision.execution)),
        Speech::Unfreeze => {
            let freeze = before.freeze.as_ref();
            freeze.is_some_and(|it| word.may_end(&it.decision.execution))
        }
        Speech::Hold | Speech::Stop | Speech::Freeze => true,
    }
}

/// A newer push of another build has come while it waits before its first flip, and takes its place.
fn is_replaced(world: &World, release: usize, record: &Record) -> bool {
    let own = &world.executions[release];
    let replaces = |it: &Execution| it.order() > own.order() && it.build() != own.build();
    let mut enqueued = world.executions.iter().filter(|it| it.enqueued);
    let newer = enqueued.any(replaces);
    let deploying = record.release.as_ref().map(|it| it.phase) == Some(Phase::Deploying);
    let approval = record.release.as_ref().and_then(|it| it.approval.as_ref());
    let policy = approval.map(|it| it.when_newer_pushed);
    newer && deploying && policy == Some(WhenNewerPushed::Replace) && !world.frozen
}

/// Remembers what a word that was taken allows.
fn remember(world: &mut World, word: &Word, next: &Record) {
    let release = next.release.as_ref();
    let of = word.release.unwrap_or_default();
    match word.speech {
        Speech::Approve => {
            let gate = next.gate.as_ref().expect("the gate that was approved");
            world.executions[of].people.approved.push(gate.before);
            world.note(Fact::Approved);
        }
        Speech::Finish => {
            let share = release.expect("a release").current_share();
            world.executions[of].people.finished_at = Some(share);
        }
        Speech::Stop => world.executions[of].people.stopped = true,
        Speech::Resume => world.note(Fact::Resumed),
        Speech::Freeze => world.frozen = true,
        Speech::Unfreeze => world.frozen = false,
        Speech::Reject | Speech::Hold => {}
    }
}
