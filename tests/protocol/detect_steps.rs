//! detect's process, step by step in the order of `detect/src/claim`: it opens a release and ends it.

use crate::answer::Answer;
use crate::balancer;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::Kind;
use crate::fact::Fact;
use crate::finish_steps::finish;
use crate::heeding::heed;
use crate::mutation::Mutation;
use crate::names::{arn, digest, id, index_of, index_of_arn};
use crate::process::{Next, Step, Try, Who};
use crate::smoke_steps::{pass_smoke, pass_step};
use crate::world::World;
use detect::claim::{Admission, HolderState};
use record::{Claim, Claimant, Enqueued, HoldBack, Record, Release};
use shared::Environment;

/// Does one step of detect.
pub fn step(it: &mut Try, world: &mut World, decisions: &Decisions) -> Next {
    let Who::Execution(index) = it.who else {
        unreachable!("an alarm invokes flip")
    };
    let next = match it.step.clone() {
        Step::Enqueue => enqueue(it, index, world, decisions),
        Step::Admit(record) => admit(index, &record.0, world, decisions),
        Step::Claim { dead_holder, from } => {
            Err(claim(it, index, dead_holder, from, world, decisions))
        }
        Step::TakeHeed(before) => Ok(Step::Heed(before)),
        Step::Heed(before) => Err(heed(index, before, world, decisions)),
        Step::TakeSmoke(tested) => Ok(Step::PassSmoke(tested)),
        Step::PassSmoke(tested) => {
            let recorded = pass_smoke(index, tested, world, decisions);
            Err(Answer::SmokeTaken(recorded))
        }
        Step::TakeVerdict(share) => Ok(Step::PassShare(share)),
        Step::PassShare(share) => Err(pass_step(index, share, world, decisions)),
        Step::Finish(stage) => {
            it.fresh = true;
            Ok(Step::Store(stage, world.record.clone()))
        }
        Step::Store(stage, read) => finish(it, index, stage, &read, world, decisions),
        other => unreachable!("{other:?} is not a step of detect"),
    };
    next.map_or_else(Next::Answer, Next::Step)
}

fn enqueue(
    it: &mut Try,
    index: usize,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    let execution = &mut world.executions[index];
    if execution.kind == Kind::Rollback {
        let release = world.record.0.release.as_ref();
        return Err(release.map_or(Answer::Refuse, |it| Answer::Rollback(index_of(&it.id))));
    }
    execution.enqueued = true;
    let (request, overrides) = (execution.request(index), execution.overrides());
    match decisions.hold_back(&world.record.0, &request, world.now) {
        _ if overrides => {}
        HoldBack::HeldBack(next) => {
            world.store(next);
            return Err(Answer::HeldBack);
        }
        HoldBack::HeldBackBefore => return Err(Answer::HeldBack),
        HoldBack::Overtaken(_) | HoldBack::NotFrozen => {}
    }
    if let Enqueued::Newest(next) = decisions.enqueue(&world.record.0, &request) {
        world.store(next);
    }
    it.fresh = true;
    Ok(Step::Admit(world.record.clone()))
}

/// The admission of an execution, by the record as it was read and the holder as it is now.
fn admission(index: usize, record: &Record, world: &World, decisions: &Decisions) -> Admission {
    let holder = record.holder_other_than(arn(index)).map(index_of_arn);
    let holder = holder.map(|it| {
        if world.executions[it].at.is_running() {
            HolderState::Running
        } else {
            HolderState::Ended(world.ended_at(it))
        }
    });
    let request = world.executions[index].request(index);
    decisions.admission(record, &request, holder, world.now)
}

/// A push waits for the end of a freeze, where it is not held back.
fn is_barred(index: usize, record: &Record, world: &World, decisions: &Decisions) -> bool {
    let despite =
        world.executions[index].overrides() || decisions.broken(Mutation::ClaimDespiteFreeze);
    let waits = decisions.policy.waits_while_frozen && !despite;
    waits && record.freeze_at(at(world.now)).is_some()
}

/// The admission; then the rules are read.
fn admit(
    index: usize,
    record: &Record,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    let dead_holder = match admission(index, record, world, decisions) {
        Admission::Begin { dead_holder }
            if decisions.ends_before_claim(record, dead_holder.as_ref()) =>
        {
            return Err(Answer::EndStopped);
        }
        Admission::Begin { .. } if is_barred(index, record, world, decisions) => {
            return Err(Answer::Wait);
        }
        Admission::Begin { dead_holder } => dead_holder.as_ref().map(index_of_arn),
        Admission::Wait { .. } => return Err(Answer::Wait),
        Admission::Skip(_) => {
            let request = world.executions[index].request(index);
            world.note(match record.enqueue(&request) {
                Enqueued::Duplicate { .. } => Fact::Duplicate,
                Enqueued::FailedBefore(_) => Fact::BadBuildSkipped,
                _ => Fact::Superseded,
            });
            return Err(Answer::Skip);
        }
    };
    match balancer::active(&world.rules) {
        Some(from) if world.tasks(from).healthy > 0 => Ok(Step::Claim { dead_holder, from }),
        Some(_) | None => Err(Answer::Refuse),
    }
}

fn claim(
    it: &Try,
    index: usize,
    dead_holder: Option<usize>,
    from: Environment,
    world: &mut World,
    decisions: &Decisions,
) -> Answer {
    let execution = &world.executions[index];
    let release = new_release(index, from, execution.build(), decisions);
    let claimant = Claimant {
        execution: arn(index),
        release: &release,
        dead_holder: dead_holder.map(arn),
        read_version: u64::from(it.fresh),
        override_freeze: execution.overrides(),
    };
    match decisions.claim(&world.record.0, claimant, world.now) {
        Claim::Claimed { record, abandoned } => {
            claimed(index, from, world);
            if dead_holder.is_some() && decisions.is_unended(&world.record.0) {
                world.note(Fact::ClaimedUnended);
            }
            world.store(record);
            if abandoned.is_some() {
                world.note(Fact::TakenOver);
            }
            Answer::Release { from }
        }
        Claim::AlreadyClaimed(release) if release.from != from => Answer::Refuse,
        Claim::AlreadyClaimed(_) => Answer::Release { from },
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
fn claimed(index: usize, from: Environment, world: &mut World) {
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
    if world.ended_badly(world.executions[index].build()) {
        world.note(Fact::BadBuildClaimed);
    }
    if world.frozen && !world.executions[index].overrides() {
        world.note(Fact::ClaimedFrozen);
    }
    if world.frozen && world.executions[index].overrides() {
        world.note(Fact::Overridden);
    }
    let from_code = world.tasks(from).code;
    let execution = &mut world.executions[index];
    execution.from_code = from_code;
    execution.claimed = true;
}

fn new_release(index: usize, from: Environment, build: u8, decisions: &Decisions) -> Release {
    Release {
        from,
        to: from.other(),
        to_digest: digest(build),
        approval: decisions.policy.approval(),
        freeze_after_rollback: decisions.policy.freeze_after_rollback,
        ..fixtures::release(id(index).as_str())
    }
}

/// A waiting execution detects again when that leads to something: before that it would only wait once more.
pub fn is_admissible(index: usize, world: &World, decisions: &Decisions) -> bool {
    let admission = admission(index, &world.record.0, world, decisions);
    let barred = is_barred(index, &world.record.0, world, decisions);
    let begins = matches!(admission, Admission::Begin { .. });
    !(matches!(admission, Admission::Wait { .. }) || begins && barred)
}
