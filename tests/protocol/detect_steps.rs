//! detect's process, step by step in the order of `detect/src/claim`: it opens a release and ends it.

use crate::balancer;
use crate::decisions::Decisions;
use crate::execution::{Kind, Stage};
use crate::fact::Fact;
use crate::item::Item;
use crate::mutation::Mutation;
use crate::names::{arn, digest, id, index_of, index_of_arn};
use crate::process::{Answer, Next, Step, Try, Who};
use crate::reasons;
use crate::smoke_steps::{pass_smoke, pass_step};
use crate::world::World;
use detect::claim::{Admission, HolderState};
use record::{Claim, Claimant, Enqueued, Finish, Outcome, Phase, Record, Release};
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
        Step::TakeSmoke(tested) => Ok(Step::PassSmoke(tested)),
        Step::PassSmoke(tested) => {
            let recorded = pass_smoke(index, tested, world, decisions);
            Err(Answer::SmokeTaken(recorded))
        }
        Step::TakeVerdict(share) => Ok(Step::PassShare(share)),
        Step::PassShare(share) => {
            let recorded = pass_step(index, share, world, decisions);
            Err(Answer::StepTaken(recorded))
        }
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
    let request = execution.request(index);
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
    let release = new_release(index, from, world.executions[index].build());
    let claimant = Claimant {
        execution: arn(index),
        release: &release,
        dead_holder: dead_holder.map(arn),
        read_version: u64::from(it.fresh),
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
        Claim::NotNewest | Claim::RecordChanged | Claim::Held { .. } | Claim::LeaseHeld { .. } => {
            Answer::Wait
        }
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
    let from_code = world.tasks(from).code;
    let execution = &mut world.executions[index];
    execution.from_code = from_code;
    execution.claimed = true;
}

fn new_release(index: usize, from: Environment, build: u8) -> Release {
    Release {
        from,
        to: from.other(),
        to_digest: digest(build),
        ..fixtures::release(id(index).as_str())
    }
}

/// The one change of the record that is taken apart here: the store reads, decides, and writes only where nobody
/// wrote in between. Everywhere else both are one step, since a write that went through found what was read.
fn finish(
    it: &Try,
    index: usize,
    stage: Stage,
    read: &Item,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    if !it.fresh && !decisions.broken(Mutation::FinishBlindly) {
        return Ok(Step::Finish(stage));
    }
    let outcome = match stage {
        Stage::RecordRelease => Outcome::Stable,
        Stage::RecordRollback => Outcome::RolledBack,
        _ => Outcome::Failed,
    };
    let reason = reasons::of_end(&world.executions[index]);
    let phase = match read.0.finish(arn(index), outcome, reason) {
        Finish::Finished(next) | Finish::RolledBackMeanwhile(next) => {
            let phase = next.release.as_ref().map(|it| it.phase);
            world.store(next);
            judge(index, phase, world);
            phase
        }
        Finish::NotHolder(phase) => phase,
    };
    Err(Answer::Finished(phase))
}

/// Remembers a build that failed its smoke test, and forgets one that stayed.
fn judge(index: usize, ended: Option<Phase>, world: &mut World) {
    let execution = &world.executions[index];
    match ended {
        Some(Phase::Stable) => world.set_ended_badly(execution.build(), false),
        Some(Phase::Failed) if execution.is_bad => world.set_ended_badly(execution.build(), true),
        _ => {}
    }
}

/// A waiting execution detects again when that leads to something: before that it would only wait once more.
pub fn is_admissible(index: usize, world: &World, decisions: &Decisions) -> bool {
    let admission = admission(index, &world.record.0, world, decisions);
    !matches!(admission, Admission::Wait { .. })
}
