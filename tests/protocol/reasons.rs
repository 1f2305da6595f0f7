//! Why a release ends or is flipped back, in the words of the state machine or of an alarm.

use crate::execution::{Execution, Kind};
use crate::heeded::Ending;
use crate::names::index_of;
use crate::process::{Task, Who};
use crate::world::World;
use shared::FailureReason;
use std::sync::LazyLock;

static ALARM: LazyLock<FailureReason> = LazyLock::new(|| "an alarm".into());
static SMOKE: LazyLock<FailureReason> = LazyLock::new(|| failure("SmokeTestFailed"));
static VERDICT: LazyLock<FailureReason> = LazyLock::new(|| failure("ReleaseUnhealthy"));
static OPERATOR: LazyLock<FailureReason> = LazyLock::new(|| failure("RollbackRequested"));
static STOPPED: LazyLock<FailureReason> = LazyLock::new(|| failure("ReleaseStopped"));
static REJECTED: LazyLock<FailureReason> = LazyLock::new(|| failure("ApprovalRejected"));
static TIMED_OUT: LazyLock<FailureReason> = LazyLock::new(|| failure("ApprovalTimedOut"));
static SUPERSEDED: LazyLock<FailureReason> = LazyLock::new(|| failure("ReleaseSuperseded"));
static STOP_REQUESTED: LazyLock<FailureReason> = LazyLock::new(|| failure("StopRequested"));
static OTHER: LazyLock<FailureReason> = LazyLock::new(|| failure("FlipRefused"));

fn failure(error: &str) -> FailureReason {
    FailureReason::failure(error, "why")
}

/// Why an execution records the end of its release.
pub fn of_end(execution: &Execution) -> &'static FailureReason {
    match execution.people.ends {
        Some(ending) => of_people(ending),
        None if execution.is_bad => &SMOKE,
        None => &OTHER,
    }
}

fn of_people(ending: Ending) -> &'static FailureReason {
    match ending {
        Ending::Rejected => &REJECTED,
        Ending::TimedOut => &TIMED_OUT,
        Ending::Superseded => &SUPERSEDED,
        Ending::Stopped => &STOP_REQUESTED,
    }
}

/// Why the release of an execution ends that was stopped: by accident, or because a person has requested it.
pub fn of_stop(world: &World) -> &'static FailureReason {
    if is_requested(world) {
        &STOP_REQUESTED
    } else {
        &STOPPED
    }
}

fn is_requested(world: &World) -> bool {
    let release = world.record.0.release.as_ref();
    release.is_some_and(|it| world.executions[index_of(&it.id)].people.stopped)
}

/// Why somebody flips back.
pub fn of_flip_back(world: &World, who: Who, task: Task) -> &'static FailureReason {
    let index = match (who, task) {
        (_, Task::EndStopped(_)) => return of_stop(world),
        (Who::Execution(index), _) => index,
        (Who::Alarm(_) | Who::Stop(_), _) => return &ALARM,
    };
    if let Some(ending) = world.executions[index].people.ends {
        return of_people(ending);
    }
    match &world.executions[index] {
        it if it.kind == Kind::Rollback => &OPERATOR,
        it if it.is_bad => &VERDICT,
        _ => &OTHER,
    }
}

/// Whether that speaks against the build, judged without the code under test.
pub fn speaks_against_the_build(world: &World, who: Who, task: Task) -> bool {
    match (who, task) {
        (_, Task::EndStopped(_)) => is_requested(world),
        (Who::Alarm(_) | Who::Stop(_), _) => true,
        (Who::Execution(index), _) => {
            let it = &world.executions[index];
            it.is_bad || it.kind == Kind::Rollback
        }
    }
}
