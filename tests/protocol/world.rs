//! What the model's state holds: the record itself, the rules, both environments, and everybody who may still act.

use crate::execution::Execution;
use crate::fact::Fact;
use crate::images::Images;
use crate::item::Item;
use crate::look::{Look, Targets};
use crate::process::{Try, Who};
use crate::tasks::{Leftover, Tasks};
use crate::word::Word;
use crate::write::Write;
use record::{Phase, Record};
use shared::{Environment, Share, Traffic};

/// One delivery of a change to ALARM. A second delivery of the same change differs in its lease owner only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delivery {
    pub changed_at: u8,
    pub environment: Option<Environment>,
    pub open: bool,
    /// A lease of somebody else stopped it: it is delivered again when that is over.
    pub blocked: bool,
    /// A try of it was lost, maybe half-way: it is delivered again.
    pub lost: bool,
}

/// What may still go wrong. Every misfortune takes one off, so the model has an end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Budget {
    /// Answers that nobody receives: the process dies, or goes on alone.
    pub losses: u8,
    pub aborts: u8,
    pub alarms: u8,
    /// Rules that somebody writes by hand.
    pub hands: u8,
    pub sickness: u8,
    /// Environments that lose healthy targets for a while, or are scaled in.
    pub shortages: u8,
    /// Writes of a rule that AWS rejects.
    pub refusals: u8,
    /// Retries of a task that run out while somebody else has the lease.
    pub run_outs: u8,
    /// Contract steps that an operator may take.
    pub contracts: u8,
    /// Tasks that are delivered once more at any time, or with what belongs to another release.
    pub strays: u8,
    /// Words that people may say.
    pub words: u8,
    /// Times that somebody lets the tag name the other build.
    pub tags: u8,
    /// Updates of the stack by which it begins to check images.
    pub updates: u8,
}

/// One state of the model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub now: u8,
    pub record: Item,
    /// Where each rule sends traffic; none is a target group that is neither environment's.
    pub rules: Vec<Option<Traffic>>,
    pub environments: [Tasks; 2],
    pub executions: Vec<Execution>,
    pub deliveries: Vec<Delivery>,
    pub tries: Vec<Try>,
    pub writes: Vec<Write>,
    pub words: Vec<Word>,
    /// Somebody has frozen releases, or a flip back has, and nobody has unfrozen them.
    pub frozen: bool,
    /// What the execution that was aborted while it deployed has left at work.
    pub leftover: Option<Leftover>,
    pub images: Images,
    pub budget: Budget,
    /// A hand wrote the rule: where traffic is, is not the pipeline's doing alone any more.
    pub hand: bool,
    /// The release that a contract step has barred from being flipped back.
    pub barred: Option<usize>,
    /// The builds whose last release ended badly, a bit each.
    pub bad_builds: u8,
    /// What the properties ask for, once it has happened.
    pub facts: u128,
}

impl World {
    pub fn tasks(&self, of: Environment) -> &Tasks {
        &self.environments[of as usize]
    }

    pub fn tasks_mut(&mut self, of: Environment) -> &mut Tasks {
        &mut self.environments[of as usize]
    }

    /// What flip finds of rules and targets now.
    pub fn look(&self) -> Look {
        let targets = |tasks: &Tasks| Targets {
            healthy: tasks.healthy,
            wants: tasks.wants,
        };
        Look {
            rules: self.rules.clone(),
            targets: self.environments.each_ref().map(targets),
        }
    }

    pub fn note(&mut self, fact: Fact) {
        self.facts |= 1 << fact as u32;
    }

    pub fn has(&self, fact: Fact) -> bool {
        self.facts & (1 << fact as u32) != 0
    }

    pub fn ended_badly(&self, build: u8) -> bool {
        self.bad_builds & (1 << build) != 0
    }

    pub fn set_ended_badly(&mut self, build: u8, badly: bool) {
        self.bad_builds &= !(1 << build);
        self.bad_builds |= u8::from(badly) << build;
    }

    /// Every rule forwards to this one environment.
    pub fn active(&self) -> Option<Environment> {
        let first = self.rules[0].filter(|traffic| traffic.share.is_all())?;
        let same = self.rules.iter().all(|rule| *rule == Some(first));
        same.then_some(first.to)
    }

    /// Somebody awaits the answer of a try of this task.
    pub fn is_awaited(&self, who: Who) -> bool {
        self.tries.iter().any(|it| it.who == who && it.awaited)
    }

    /// Writes the record. The version itself would make states different that are the same to every decision, so it
    /// stays 1, and whoever read the record before does not hold the fresh one any more.
    pub fn store(&mut self, next: Record) {
        self.check_step(&next);
        for other in &mut self.tries {
            other.fresh = false;
        }
        self.record = Item::from(Record { version: 1, ..next });
    }

    /// A release that was flipped back does not go forward again, and its share never shrinks, whoever writes.
    fn check_step(&mut self, next: &Record) {
        let (Some(old), Some(new)) = (&self.record.0.release, &next.release) else {
            return;
        };
        let phases = (old.phase, new.phase);
        let grows = phases == (Phase::Watching, Phase::Flipping) && new.share > old.share;
        let backwards = rank(new.phase) < rank(old.phase) && !grows || new.share < old.share;
        if old.id == new.id && backwards {
            self.note(Fact::PhaseWentBackwards);
        }
    }
}

/// A split that somebody makes by hand.
pub fn by_hand() -> Traffic {
    Traffic {
        to: Environment::Green,
        share: Share::new(30).expect("a share"),
    }
}

fn rank(phase: Phase) -> u8 {
    match phase {
        Phase::Deploying => 0,
        Phase::Flipping => 1,
        Phase::Watching => 2,
        Phase::Stable => 3,
        Phase::RollingBack => 4,
        Phase::RolledBack | Phase::Failed | Phase::Synced => 5,
    }
}
