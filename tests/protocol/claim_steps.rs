//! detect claims the record, judged with what the code under test does not know.

use crate::answer::Answer;
use crate::decisions::Decisions;
use crate::execution::Kind;
use crate::fact::Fact;
use crate::names::{arn, digest, id};
use crate::process::{Claiming, Try};
use crate::world::World;
use record::{Claim, Claimant, Release};

impl Claiming {
    /// The release of this plan begins, or goes on.
    fn opened(&self) -> Answer {
        Answer::Release {
            from: self.from,
            scan_pends: self.scan_pends,
        }
    }
}

/// Claims the record, or finds the claim of an earlier try.
pub fn claim(
    it: &Try,
    index: usize,
    claiming: Claiming,
    world: &mut World,
    decisions: &Decisions,
) -> Answer {
    let Claiming {
        dead_holder, from, ..
    } = claiming;
    let release = new_release(index, &claiming, decisions);
    let claimant = Claimant {
        execution: arn(index),
        release: &release,
        dead_holder: dead_holder.map(arn),
        read_version: u64::from(it.fresh),
        override_freeze: world.executions[index].overrides(),
    };
    match decisions.claim(&world.record.0, claimant, world.now) {
        Claim::Claimed { record, abandoned } => {
            claimed(index, &claiming, world);
            if dead_holder.is_some() && decisions.is_unended(&world.record.0) {
                world.note(Fact::ClaimedUnended);
            }
            world.store(record);
            if abandoned.is_some() {
                world.note(Fact::TakenOver);
            }
            claiming.opened()
        }
        Claim::AlreadyClaimed(release) if release.from != from => Answer::Refuse,
        Claim::AlreadyClaimed(found) if found.to_digest != release.to_digest => {
            world.note(Fact::ClaimedAnother);
            Answer::Refuse
        }
        Claim::AlreadyClaimed(_) => claiming.opened(),
        Claim::NotNewest
        | Claim::Frozen(_)
        | Claim::RecordChanged
        | Claim::Held { .. }
        | Claim::LeaseHeld { .. } => Answer::Wait,
        // Every execution of the model heeds people.
        Claim::HeedsNobody => Answer::Refuse,
    }
}

/// Judges the claim with what the code under test does not know: was this one admissible?
fn claimed(index: usize, claiming: &Claiming, world: &mut World) {
    let execution = &world.executions[index];
    let (order, kind) = (execution.order(), execution.kind);
    let (mut older, mut twice) = (false, false);
    for (other, it) in world.executions.iter().enumerate() {
        older |= other != index && it.enqueued && it.order() > order;
        twice |= other != index && it.claimed && it.kind == kind;
    }
    if older {
        world.note(Fact::OlderClaimed);
    }
    if twice {
        world.note(Fact::OnePushTwice);
    }
    if world.ended_badly(claiming.wanted.build) {
        world.note(Fact::BadBuildClaimed);
    }
    if world.frozen && !world.executions[index].overrides() {
        world.note(Fact::ClaimedFrozen);
    }
    if world.frozen && world.executions[index].overrides() {
        world.note(Fact::Overridden);
    }
    let from_code = world.tasks(claiming.from).code;
    let execution = &mut world.executions[index];
    execution.from_code = from_code;
    execution.claimed = true;
    execution.vetted.claimed_checked = claiming.wanted.checked;
    if let Kind::Tag { build, .. } = &mut execution.kind {
        *build = claiming.wanted.build;
    }
}

fn new_release(index: usize, claiming: &Claiming, decisions: &Decisions) -> Release {
    Release {
        from: claiming.from,
        to: claiming.from.other(),
        to_digest: digest(claiming.wanted.build),
        approval: decisions.policy.approval(),
        freeze_after_rollback: decisions.policy.freeze_after_rollback,
        ..fixtures::release(id(index).as_str())
    }
}
