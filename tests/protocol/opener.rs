//! detect's process, step by step in the order of `detect/src/opening.rs`: it opens a release and ends it.

use crate::balancer;
use crate::execution::{ARNS, Answer, IDS, Kind, Stage, index_of, request};
use crate::fact::Fact;
use crate::mutation::{Mutation, Rules};
use crate::process::{Next, Step, Try, Who};
use crate::world::{Item, World};
use detect::turn::Turn;
use shared::Environment;
use shared::record::{Arrival, Claim, Finish, Outcome, Phase, Release};
use std::sync::Arc;

/// Does one step of detect.
pub fn step(it: &mut Try, world: &mut World, rules: &Rules) -> Next {
    let Who::Execution(me) = it.who else {
        unreachable!("an alarm asks flip")
    };
    let next = match it.step.clone() {
        Step::Arrive => arrive(it, me, world, rules),
        Step::Turn(record) => turn(me, &record, world, rules),
        Step::Claim { gone, from } => Err(claim(it, me, gone, from, world, rules)),
        Step::Finish(stage) => {
            it.fresh = true;
            Ok(Step::Store(stage, world.record.clone()))
        }
        Step::Store(stage, read) => finish(it, me, stage, &read, world, rules),
        other => unreachable!("{other:?} is not a step of detect"),
    };
    next.map_or_else(Next::Answer, Next::Step)
}

fn arrive(it: &mut Try, me: usize, world: &mut World, rules: &Rules) -> Result<Step, Answer> {
    let kind = world.executions[me].kind;
    if kind == Kind::Rollback {
        let release = world.record.0.release.as_ref();
        return Err(release.map_or(Answer::Refuse, |it| Answer::Rollback(index_of(&it.id))));
    }
    world.executions[me].arrived = true;
    if let Arrival::Newest(next) = rules.arrive(&world.record.0, &request(kind, me)) {
        world.store(next);
    }
    it.fresh = true;
    Ok(Step::Turn(world.record.clone()))
}

/// Whose turn it is, by the record as it was read and the holder as it is now; then the look at the rules.
fn turn(me: usize, read: &Item, world: &mut World, rules: &Rules) -> Result<Step, Answer> {
    let record = &read.0;
    let holder = record.holder_other_than(ARNS[me]).map(index_of);
    let runs = holder.is_some_and(|it| world.executions[it].at.is_running());
    let request = request(world.executions[me].kind, me);
    let gone = match rules.turn(record, &request, runs, world.now) {
        Turn::Mine { gone } => gone.as_deref().map(index_of),
        Turn::Wait { .. } => return Err(Answer::Wait),
        Turn::Skip(_) => {
            let duplicate = matches!(record.arrive(&request), Arrival::Duplicate { .. });
            world.note(if duplicate {
                Fact::Duplicate
            } else {
                Fact::Superseded
            });
            return Err(Answer::Skip);
        }
    };
    match balancer::active(&world.rules) {
        Some(from) if world.side(from).healthy => Ok(Step::Claim { gone, from }),
        Some(_) | None => Err(Answer::Refuse),
    }
}

fn claim(
    it: &Try,
    me: usize,
    gone: Option<usize>,
    from: Environment,
    world: &mut World,
    rules: &Rules,
) -> Answer {
    let release = new_release(me, from);
    let gone = gone.map(|index| ARNS[index]);
    let seen = u64::from(it.fresh);
    match rules.claim(&world.record.0, ARNS[me], &release, gone, seen, world.now) {
        Claim::Claimed { record, abandoned } => {
            claimed(me, from, world);
            world.store(record);
            if abandoned.is_some() {
                world.note(Fact::TakenOver);
            }
            Answer::Release { from }
        }
        Claim::Mine(mine) if mine.from != from => Answer::Refuse,
        Claim::Mine(_) => Answer::Release { from },
        Claim::NotNewest | Claim::Changed | Claim::Held { .. } | Claim::WriterMayBeAlive { .. } => {
            Answer::Wait
        }
    }
}

/// Looks at the claim from outside: was it this one's turn?
fn claimed(me: usize, from: Environment, world: &mut World) {
    let order = |index: usize| match world.executions[index].kind {
        Kind::Push(order) => order,
        Kind::Rollback => 0,
    };
    let others = (0..world.executions.len()).filter(|&other| other != me);
    let (mut older, mut twice) = (false, false);
    for other in others {
        let it = &world.executions[other];
        older |= it.arrived && order(other) > order(me);
        twice |= it.claimed && it.kind == world.executions[me].kind;
    }
    if older {
        world.note(Fact::OlderClaimed);
    }
    if twice {
        world.note(Fact::OnePushTwice);
    }
    let from_code = world.side(from).code;
    let execution = &mut world.executions[me];
    execution.from_code = from_code;
    execution.claimed = true;
}

fn new_release(me: usize, from: Environment) -> Release {
    Release {
        id: IDS[me].to_owned(),
        phase: Phase::Deploying,
        claimed_at: crate::clock::at(0),
        from,
        to: from.other(),
        from_digest: None,
        to_digest: format!("sha256:{me}"),
        from_task_definition: None,
        idle_digest: None,
        sync: false,
        expand: None,
        from_desired: 2,
        flipped_at: None,
        reason: None,
    }
}

/// The one change of the record that is taken apart here: the store reads, decides, and writes only where nobody
/// wrote in between. Everywhere else both are one step, since a write that went through found what was read.
fn finish(
    it: &Try,
    me: usize,
    stage: Stage,
    read: &Item,
    world: &mut World,
    rules: &Rules,
) -> Result<Step, Answer> {
    let blind = rules.mutation == Some(Mutation::FinishWithoutLooking);
    if !it.fresh && !blind {
        return Ok(Step::Finish(stage));
    }
    let outcome = match stage {
        Stage::RecordRelease => Outcome::Stable,
        Stage::RecordRollback => Outcome::RolledBack,
        _ => Outcome::Failed,
    };
    let phase = match read.0.finish(ARNS[me], outcome, "because") {
        Finish::Finished(next) | Finish::WentBack(next) => {
            let phase = next.release.as_ref().map(|it| it.phase);
            world.store(next);
            phase
        }
        Finish::NotHolder(phase) => phase,
    };
    Err(Answer::Finished(phase))
}

/// Keeps the record that a process has read.
pub fn item(record: shared::record::Record) -> Item {
    Item(Arc::new(record))
}

/// A waiting execution looks again when that leads to something: any look before would only wait once more.
pub fn has_its_turn(me: usize, world: &World, rules: &Rules) -> bool {
    let record = &world.record.0;
    let holder = record.holder_other_than(ARNS[me]).map(index_of);
    let runs = holder.is_some_and(|it| world.executions[it].at.is_running());
    let request = request(world.executions[me].kind, me);
    !matches!(
        rules.turn(record, &request, runs, world.now),
        Turn::Wait { .. }
    )
}
