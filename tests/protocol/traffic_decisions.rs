//! The decisions about shares: which may begin, what is recorded of one, and which rules are written for it.

use crate::answer::Answer;
use crate::balancer::{self, Case};
use crate::clock::at;
use crate::decisions::Decisions;
use crate::health::ALL;
use crate::look::Look;
use crate::mutation::Mutation;
use crate::names::{arn, id, index_of};
use crate::premise::{Own, Premise, Rules};
use crate::smoke_decisions::FlipTask;
use crate::world::{World, by_hand};
use crate::write::Direction;
use flip::capacity::Need;
use record::{BeginFlip, PassStep, Phase, Record};
use shared::{Share, Traffic};

impl Decisions {
    /// detect's answer to execution `by`, whose watch found this share healthy.
    pub fn pass_step(&self, record: &Record, by: usize, share: Share, now: u8) -> PassStep {
        let (mut share, mut named, mut record) = (share, id(by), record.clone());
        if let Some(release) = record.release.clone() {
            if self.broken(Mutation::PassOfAnotherShare) {
                share = release.current_share();
            }
            if self.broken(Mutation::PassOfAnotherRelease) {
                record.holder = Some(arn(by).clone());
                named = id(index_of(&release.id));
            }
        }
        self.unhinder(
            &mut record,
            None,
            [Mutation::PassWhileHeld, Mutation::PassAfterStop],
        );
        record.pass_step(named, arn(by), share, at(now))
    }

    /// Bends what the record says of the shares of a release that is to get `share`.
    pub fn bend_shares(&self, record: &mut Record, share: Share) {
        let Some(release) = record.release.as_mut() else {
            return;
        };
        if self.broken(Mutation::GrowWithoutPass) {
            release.passed_share = release.share;
        }
        if self.broken(Mutation::FlipToAnyShare)
            && matches!(release.phase, Phase::Flipping | Phase::Watching)
            && release.share != Some(share)
        {
            release.phase = Phase::Flipping;
            release.share = Some(share);
        }
        if self.broken(Mutation::GrowDespiteLease) && release.phase == Phase::Watching {
            record.lease = None;
        }
    }

    /// The record that takes the lease. The forwards of a rule that is split say nothing of what it was before.
    pub fn with_forwards(&self, mut next: Record, found: &Rules) -> Record {
        let mut splits = found.iter().flatten().filter(|it| !it.share.is_all());
        if self.broken(Mutation::ForwardsOfEachTry)
            && splits.next().is_some()
            && let Some(release) = next.release.as_mut()
        {
            release.original_forwards.clear();
        }
        next
    }

    /// The rules to write, or why flip writes none.
    pub fn rule_writes(
        &self,
        look: &Look,
        premise: &Premise,
        to: Traffic,
    ) -> Result<Vec<usize>, Answer> {
        let need = self.need(look, premise, to);
        self.rule_writes_of(look, &[premise.own], to, need)
    }

    /// The rules to write for a flip that was overtaken: both releases may have split them.
    pub fn repairs(&self, look: &Look, own: [Own; 2], to: Traffic) -> Result<Vec<usize>, Answer> {
        self.rule_writes_of(look, &own, to, Need::one_of(1))
    }

    fn rule_writes_of(
        &self,
        look: &Look,
        own: &[Own],
        to: Traffic,
        need: Need,
    ) -> Result<Vec<usize>, Answer> {
        let mut healthy = [to.to, to.to.other()].map(|it| look.targets(it).healthy);
        if self.broken(Mutation::SkipHealth) {
            healthy = [ALL; 2];
        }
        balancer::writes(&Case {
            rules: self.as_read(look, to),
            to,
            own: own.iter().map(|own| self.bent(*own)).collect(),
            need,
            healthy,
        })
    }

    /// The rules as flip takes them.
    fn as_read(&self, look: &Look, to: Traffic) -> Rules {
        let previous = Traffic::all(to.to.other());
        let read = |rule: &Option<Traffic>| match rule {
            None if self.broken(Mutation::MoveUnknownRule) => Some(previous),
            Some(split) if *split == by_hand() && self.broken(Mutation::TakeForeignSplit) => {
                Some(previous)
            }
            Some(split) if !split.share.is_all() && self.broken(Mutation::OverlookSplit) => {
                Some(Traffic::all(split.to.other()))
            }
            rule => *rule,
        };
        look.rules.iter().map(read).collect()
    }

    fn bent(&self, mut own: Own) -> Own {
        if self.broken(Mutation::ForgetForwards) {
            own.known = false;
        }
        if self.broken(Mutation::ForgetPassedShare) {
            own.shares[1] = None;
        }
        own
    }

    /// The healthy targets that flip asks for.
    fn need(&self, look: &Look, premise: &Premise, to: Traffic) -> Need {
        if !premise.begins || self.broken(Mutation::BeginWithOne) {
            return Need::one_of(ALL.into());
        }
        let wants = look.targets(to.to.other()).wants.into();
        match Need::of_new_flip(ALL.into(), wants, premise.before, to.share) {
            Need::All { wanted, .. } if self.broken(Mutation::ForgetPrevious) => Need::All {
                wanted,
                previous: 0,
            },
            need => need,
        }
    }

    /// A flip of this release that asks now would not only have to wait for targets once more.
    pub fn is_ready(&self, index: usize, share: Share, world: &World) -> bool {
        let task = FlipTask {
            release: index,
            revision: index,
            share,
            began: world.now,
        };
        let record = &world.record.0;
        let begun = self.begin_flip(record, task, &Vec::new(), world.now);
        let BeginFlip::Begun { release, .. } = begun else {
            return true;
        };
        let premise = Premise::new(record, &release, Direction::Forward);
        self.rule_writes(&world.look(), &premise, release.expected_traffic())
            != Err(Answer::NotReady)
    }
}
