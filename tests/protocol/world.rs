//! What the model's state holds: the record itself, the rules, both sides, and everybody who may still act.

use crate::execution::Execution;
use crate::fact::Fact;
use crate::process::Try;
use shared::Environment;
use shared::record::Record;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The record as it stands in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item(pub Arc<Record>);

/// Only what a decision reads tells two states apart; the claim's time and the words of a reason do not.
impl Hash for Item {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Record {
            version,
            newest,
            holder,
            writer,
            release,
            expands: _,
            contract,
        } = self.0.as_ref();
        contract.as_ref().map(|it| &it.bars).hash(state);
        (version, newest.as_ref().map(|it| &it.execution), holder).hash(state);
        let lease = writer.as_ref();
        lease.map(|it| (&it.by, it.until, it.retried)).hash(state);
        let release = release.as_ref();
        release
            .map(|it| (&it.id, it.phase, it.from, it.to, it.flipped_at))
            .hash(state);
        release.is_some_and(|it| it.reason.is_some()).hash(state);
    }
}

/// One environment. Code and proof are named by the release that brought them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Side {
    pub healthy: bool,
    pub code: Option<usize>,
    /// The smoke test of this release has passed on the code that runs here.
    pub proven: bool,
}

/// A ModifyRule that was sent and has not taken effect yet. Nothing can call it back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Write {
    pub rule: usize,
    pub to: Environment,
    /// The release for which traffic moves, and the direction.
    pub release: usize,
    pub way: Way,
    /// The alarm that asked for it, if one did.
    pub alarm: Option<usize>,
    /// The tick at which it has landed for certain.
    pub until: u8,
}

/// To the release's new side, back to its old one, or to where the record says after a flip was overtaken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    Forward,
    Back,
    Repair,
}

/// One delivery of a change to ALARM. A second delivery of the same change differs in its writer only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    pub changed_at: u8,
    pub environment: Option<Environment>,
    pub open: bool,
    /// It found a writer who may be alive: it comes again when that is over.
    pub blocked: bool,
    /// A try of it was lost, maybe half-way: it is delivered again.
    pub lost: bool,
}

/// What may still go wrong. Every misfortune takes one off, so the model has an end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Answers that nobody hears: the process dies, or goes on unheard.
    pub losses: u8,
    pub aborts: u8,
    pub alarms: u8,
    /// Rules that somebody moves by hand.
    pub hands: u8,
    pub sickness: u8,
    /// Writes of a rule that AWS turns away.
    pub refusals: u8,
    /// Retries of a task that run out while a writer may be alive.
    pub give_ups: u8,
    /// Contract steps that an operator may take.
    pub contracts: u8,
}

/// One state of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub now: u8,
    pub record: Item,
    /// Where each rule forwards to; none is anything but all traffic to one known side.
    pub rules: Vec<Option<Environment>>,
    pub sides: [Side; 2],
    pub executions: Vec<Execution>,
    pub deliveries: Vec<Delivery>,
    pub tries: Vec<Try>,
    pub writes: Vec<Write>,
    pub budget: Budget,
    /// A hand moved the rule: where traffic is, is not the pipeline's doing alone any more.
    pub hand: bool,
    /// The release that a contract step has barred from going back.
    pub barred: Option<usize>,
    /// What the properties look for, once it has happened.
    pub facts: u32,
}

impl World {
    pub fn side(&self, environment: Environment) -> &Side {
        &self.sides[environment as usize]
    }

    pub fn side_mut(&mut self, environment: Environment) -> &mut Side {
        &mut self.sides[environment as usize]
    }

    pub fn note(&mut self, fact: Fact) {
        self.facts |= 1 << fact as u32;
    }

    pub fn has(&self, fact: Fact) -> bool {
        self.facts & (1 << fact as u32) != 0
    }

    /// Every rule forwards to this one side.
    pub fn active(&self) -> Option<Environment> {
        let first = self.rules[0]?;
        self.rules
            .iter()
            .all(|rule| *rule == Some(first))
            .then_some(first)
    }

    /// Writes the record. The version itself would tell apart states that are the same to every decision, so it
    /// stays 1, and whoever read the record before does not hold the fresh one any more.
    pub fn store(&mut self, next: Record) {
        self.check_step(&next);
        for other in &mut self.tries {
            other.fresh = false;
        }
        self.record = Item(Arc::new(Record { version: 1, ..next }));
    }

    /// A release that went back does not go forward again, whoever writes the record.
    fn check_step(&mut self, next: &Record) {
        let (Some(old), Some(new)) = (&self.record.0.release, &next.release) else {
            return;
        };
        if old.id == new.id && rank(new.phase) < rank(old.phase) {
            self.note(Fact::PhaseWentBackwards);
        }
    }
}

fn rank(phase: shared::record::Phase) -> u8 {
    use shared::record::Phase;
    match phase {
        Phase::Deploying => 0,
        Phase::Flipping => 1,
        Phase::Watching => 2,
        Phase::Stable => 3,
        Phase::RollingBack => 4,
        Phase::RolledBack | Phase::Failed | Phase::Synced => 5,
    }
}
