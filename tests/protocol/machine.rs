//! The state machine: where an answer leads an execution.
//!
//! The routes are those of `statemachine/blue_green.asl.json`; register, migrate, update and check are one step, but for a
//! scan that is still going.

use crate::answer::Answer;
use crate::decisions::Decisions;
use crate::execution::{Kind, Stage};
use crate::fact::Fact;
use crate::heeded::Heard;
use crate::people_routes::{ended_by, heard_by, kept};
use crate::process::{Try, Who};
use crate::world::World;
use record::Phase;

/// Gives an answer to whoever awaits it. An alarm's error is delivered again, an answer ends the delivery.
pub fn answer(world: &mut World, it: &Try, answer: &Answer, decisions: &Decisions) {
    match it.who {
        _ if !it.awaited => {}
        Who::Execution(index) => route(world, index, answer, decisions),
        Who::Alarm(index) => {
            let delivery = &mut world.deliveries[index];
            delivery.blocked = *answer == Answer::Blocked;
            delivery.lost = *answer == Answer::Lost;
            delivery.open = matches!(answer, Answer::Blocked | Answer::Lost);
        }
        // It is delivered again, or the schedule comes.
        Who::Stop(_) => {}
    }
}

/// Follows the route of an answer.
fn route(world: &mut World, index: usize, answer: &Answer, decisions: &Decisions) {
    let heeded = decisions.policy.is_heeded();
    let execution = &mut world.executions[index];
    execution.busy = false;
    match (execution.at, answer) {
        (_, Answer::Blocked) => {
            execution.blocked = true;
            execution.tries += 1;
        }
        // It looks again soon anyway.
        (Stage::HeedWatch, Answer::Lost) => run_out(world, index),
        (_, Answer::Lost) if execution.tries > 0 => {}
        (_, Answer::Lost) => run_out(world, index),
        (Stage::Detect, answer) => detected(world, index, answer),
        (Stage::EndStopped, Answer::Refused) => execution.go(Stage::RecordFailure),
        (Stage::EndStopped, _) => execution.go(Stage::Detect),
        (Stage::RecordSmoke, Answer::SmokeTaken(true)) if heeded => execution.go(Stage::HeedFlip),
        (Stage::RecordSmoke, Answer::SmokeTaken(true)) => execution.go(Stage::Flip),
        (Stage::RecordSmoke, Answer::SmokeTaken(false)) => execution.go(Stage::RecordFailure),
        (_, Answer::Heard(heard)) => heard_by(execution, *heard, decisions),
        (_, Answer::Ended(ending)) => ended_by(world, index, *ending),
        (_, Answer::Held) => kept(execution),
        (Stage::Flip, Answer::Moved) if heeded => {
            execution.people.forget();
            execution.go(Stage::HeedWatch);
        }
        (Stage::Flip, Answer::Moved) => execution.go(Stage::Watch),
        (Stage::RecordStep, Answer::StepTaken(true)) => {
            execution.step += 1;
            execution.people.ready = false;
            execution.go(Stage::Flip);
        }
        (Stage::RecordStep | Stage::RecordRelease, Answer::StepTaken(false) | Answer::Refused) => {
            execution.go(Stage::FlipBack);
        }
        (Stage::RecordRelease, Answer::Finished(phase)) => released(world, index, *phase),
        (Stage::FlipBack, Answer::Moved) => execution.go(Stage::RecordRollback),
        (Stage::FlipBack, answer) => {
            execution.needs_a_person |= *answer == Answer::Refused;
            execution.go(Stage::RecordFailure);
        }
        (Stage::Flip, Answer::NotReady) => execution.go(Stage::WaitForTargets),
        (Stage::Flip, _) => execution.go(Stage::FlipBack),
        (Stage::RecordRollback, _) if execution.kind == Kind::Rollback => {
            execution.go(Stage::Succeeded);
        }
        (Stage::RecordRollback | Stage::RecordFailure, _) => execution.go(Stage::Failed),
        (stage, answer) => unreachable!("{stage:?} does not get {answer:?}"),
    }
}

fn released(world: &mut World, index: usize, phase: Option<Phase>) {
    let left = [Phase::Watching, Phase::RollingBack, Phase::RolledBack];
    if phase.is_some_and(|phase| left.contains(&phase)) {
        return world.executions[index].go(Stage::FlipBack);
    }
    world.executions[index].go(Stage::Succeeded);
    world.note(Fact::Released);
}

fn detected(world: &mut World, index: usize, answer: &Answer) {
    let execution = &mut world.executions[index];
    match answer {
        Answer::Release { from, scan_pends } => {
            execution.from = Some(*from);
            execution.vetted.scan_pends = *scan_pends;
            execution.go(Stage::Deploy);
        }
        Answer::VerifyImage(build) => execution.go(Stage::Verify(*build)),
        Answer::Wait => execution.go(Stage::Wait),
        Answer::EndStopped => execution.go(Stage::EndStopped),
        Answer::Skip => execution.go(Stage::Succeeded),
        Answer::HeldBack => {
            execution.go(Stage::Succeeded);
            world.note(Fact::HeldBack);
        }
        Answer::Rollback(release) => {
            execution.release = *release;
            execution.go(Stage::FlipBack);
        }
        _ => execution.go(Stage::RecordFailure),
    }
}

/// The route of the task's Catch.
pub fn run_out(world: &mut World, index: usize) {
    world.note(Fact::RanOut);
    let execution = &mut world.executions[index];
    execution.needs_a_person |= execution.at != Stage::HeedWatch;
    if execution.at == Stage::HeedWatch {
        execution.people.heard = Heard::UNKNOWN;
    }
    execution.go(match execution.at {
        Stage::HeedWatch => Stage::Watch,
        Stage::HeedFlip | Stage::Flip | Stage::RecordStep | Stage::RecordRelease => Stage::FlipBack,
        Stage::RecordRollback if execution.kind == Kind::Rollback => Stage::Succeeded,
        Stage::RecordRollback | Stage::RecordFailure => Stage::Failed,
        _ => Stage::RecordFailure,
    });
}
