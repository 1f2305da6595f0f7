//! The end of an execution that was stopped, step by step in the order of `flip/src/end_stopped.rs`.

use crate::answer::Answer;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::names::index_of_arn;
use crate::process::{Step, Stopped, Task, Try, Who};
use crate::world::World;
use flip::stopped::Remedy;
use record::CloseStopped;

/// Looks at the record, and whether its holder runs.
pub fn look(world: &World, decisions: &Decisions) -> Result<Step, Answer> {
    let (execution, remedy) = decisions.remedy(world).ok_or(Answer::NothingToFlipBack)?;
    let stopped = Stopped {
        execution,
        is_late: world.has(Fact::RefusedStopped),
        settled: false,
    };
    Ok(match remedy {
        Remedy::FlipBack => Step::Ask(Task::EndStopped(stopped)),
        Remedy::Close(_) => Step::CloseStopped(stopped),
    })
}

/// What follows a flip back: the release is closed, or the refusal is an error that somebody sees, but not for ever.
pub fn after_flip_back(
    stopped: Stopped,
    next: Result<Step, Answer>,
    world: &mut World,
) -> Result<Step, Answer> {
    let settled = Stopped {
        settled: true,
        ..stopped
    };
    match next {
        Err(Answer::Moved) => Ok(Step::CloseStopped(settled)),
        Err(Answer::Refused) if stopped.is_late => Ok(Step::CloseStopped(settled)),
        Err(Answer::Refused) => {
            world.note(Fact::RefusedStopped);
            Err(Answer::Refused)
        }
        next => next,
    }
}

/// Takes the record from the execution, judged with what the code under test does not know: does it run?
pub fn close(it: &Try, stopped: Stopped, world: &mut World, decisions: &Decisions) -> Answer {
    match decisions.close_stopped(world, stopped) {
        Some(CloseStopped::Closed(next)) => {
            let holder = world.record.0.holder.as_ref().map(index_of_arn);
            if holder.is_some_and(|it| world.executions[it].at.is_running()) {
                world.note(Fact::EndedARunning);
            }
            world.store(next);
            world.note(match it.who {
                Who::Execution(_) => Fact::EndedByRequest,
                Who::Alarm(_) | Who::Stop(_) => Fact::ClosedStopped,
            });
            Answer::Closed
        }
        Some(CloseStopped::NotHolder) => Answer::NothingToFlipBack,
        Some(CloseStopped::TooEarly { .. }) => Answer::Blocked,
        None => Answer::Lost,
    }
}
