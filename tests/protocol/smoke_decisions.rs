//! The decisions between the smoke test and the flip: what is recorded as passed, and what may begin with that.

use crate::clock::at;
use crate::decisions::Decisions;
use crate::forwards::{Shape, live};
use crate::mutation::Mutation;
use crate::names::{arn, digest, id, revision};
use crate::premise::Rules;
use detect::claim::passed_smoke;
use detect::task::SmokeAnswer;
use record::{BeginFlip, Flip, PassSmoke, PassedSmoke, Record, Release};
use shared::Share;
use shared::routing::original_forwards;

/// A try of a flip.
#[derive(Clone, Copy, Debug)]
pub struct FlipTask {
    pub release: usize,
    /// The execution whose revision the task names.
    pub revision: usize,
    pub share: Share,
    /// The tick at which the try began.
    pub began: u8,
}

impl Decisions {
    /// detect's answer to execution `by`, which has smoke's answer about release `tested` and its build.
    pub fn pass_smoke(&self, record: &Record, by: usize, tested: usize, build: u8) -> PassSmoke {
        let mut smoke = SmokeAnswer {
            passed: true,
            release: id(tested).clone(),
            digest: digest(build),
        };
        let recorded = record.release.as_ref();
        if self.broken(Mutation::SmokeOfAnother)
            && let Some(release) = recorded
        {
            smoke.release = id(by).clone();
            smoke.digest = release.to_digest.clone();
        }
        let mut named = id(by);
        let mut record = record.clone();
        if self.broken(Mutation::SmokeWithoutHolding)
            && let Some(release) = recorded
        {
            record.holder = Some(arn(by).clone());
            named = &release.id;
        }
        match passed_smoke(arn(by), id(by), &smoke, &revision(by)) {
            Ok(passed) => record.pass_smoke(named, &passed),
            Err(refusal) => PassSmoke::Refused(refusal),
        }
    }

    /// flip's question to the record, with the rules where it has read them.
    pub fn begin_flip(&self, record: &Record, task: FlipTask, rules: &Rules, now: u8) -> BeginFlip {
        let FlipTask {
            release: index,
            revision: registered,
            share,
            began,
        } = task;
        let revision = revision(registered);
        let record = self.as_bent(record, |it| self.bend_flip(it, task, &revision));
        let flip = Flip {
            execution: arn(index),
            release: id(index),
            revision: Some(&revision),
            share,
            original_forwards: &original_forwards(&live(rules, Shape::Single)),
        };
        self.leased(record.begin_flip(&flip, at(now), self.until(began)))
    }

    fn bend_flip(&self, record: &mut Record, task: FlipTask, revision: &str) {
        let index = task.release;
        if self.broken(Mutation::FlipWithoutHolding) {
            record.holder = Some(arn(index).clone());
            if let Some(release) = record.release.as_mut() {
                release.id = id(index).clone();
            }
        }
        if let Some(release) = record.release.as_mut() {
            self.bend_smoke(release, index, revision);
        }
        self.bend_shares(record, task.share);
        let gate = Some(Mutation::FlipUnapproved);
        let words = [Mutation::FlipWhileHeld, Mutation::FlipAfterStop];
        self.unhinder(record, gate, words);
    }

    /// Lets the record say of a release what its flip asks for.
    fn bend_smoke(&self, release: &mut Release, index: usize, revision: &str) {
        let execution = arn(index);
        if self.broken(Mutation::FlipUntested) {
            release.passed_smoke = Some(PassedSmoke {
                execution: execution.clone(),
                digest: release.to_digest.clone(),
                task_definition: revision.to_owned(),
            });
        }
        let holding = self.broken(Mutation::FlipWithoutHolding);
        let Some(passed) = release.passed_smoke.as_mut() else {
            return;
        };
        if holding || self.broken(Mutation::FlipAnyRevision) {
            passed.task_definition = revision.to_owned();
        }
        if holding {
            passed.execution = execution.clone();
        }
    }
}
