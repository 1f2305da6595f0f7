//! detect's process, step by step in the order of `detect/src/claim`: it opens a release and ends it.

use crate::answer::Answer;
use crate::balancer;
use crate::claim_steps::claim;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::Kind;
use crate::fact::Fact;
use crate::finish_steps::finish;
use crate::heeding::heed;
use crate::images::Wanted;
use crate::mutation::Mutation;
use crate::names::{arn, index_of, index_of_arn};
use crate::process::{Claiming, Next, Step, Try, Who};
use crate::smoke_steps::{pass_smoke, pass_step};
use crate::world::World;
use detect::claim::{Admission, HolderState};
use record::{Enqueued, HoldBack, Record};

/// Does one step of detect.
pub fn step(it: &mut Try, world: &mut World, decisions: &Decisions) -> Next {
    let Who::Execution(index) = it.who else {
        unreachable!("an alarm invokes flip")
    };
    let next = match it.step.clone() {
        Step::Enqueue => enqueue(it, index, world, decisions),
        Step::Admit(record, wanted) => admit(index, &record.0, wanted, world, decisions),
        Step::Claim(claiming) => Err(claim(it, index, claiming, world, decisions)),
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
    let wanted = world.wanted(&world.executions[index]);
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
    Ok(Step::Admit(world.record.clone(), wanted))
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

/// The admission; then the rules are read, and the image is judged.
fn admit(
    index: usize,
    record: &Record,
    wanted: Wanted,
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
    let active = balancer::active(&world.rules);
    let from = active.filter(|from| world.tasks(*from).healthy > 0);
    let from = from.ok_or(Answer::Refuse)?;
    Ok(Step::Claim(Claiming {
        dead_holder,
        from,
        wanted,
        scan_pends: decisions.vet(index, wanted, world)?,
    }))
}

/// A waiting execution detects again when that leads to something: before that it would only wait once more.
pub fn is_admissible(index: usize, world: &World, decisions: &Decisions) -> bool {
    let admission = admission(index, &world.record.0, world, decisions);
    let barred = is_barred(index, &world.record.0, world, decisions)
        || world.waits_for_signature(&world.executions[index]);
    let begins = matches!(admission, Admission::Begin { .. });
    !(matches!(admission, Admission::Wait { .. }) || begins && barred)
}
