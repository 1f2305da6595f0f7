//! Why a release ends or is flipped back, in the words of the state machine or of an alarm.

use crate::execution::{Execution, Kind};
use crate::process::{Task, Who};
use crate::world::World;
use shared::FailureReason;
use std::sync::LazyLock;

static ALARM: LazyLock<FailureReason> = LazyLock::new(|| "an alarm".into());
static SMOKE: LazyLock<FailureReason> = LazyLock::new(|| failure("SmokeTestFailed"));
static VERDICT: LazyLock<FailureReason> = LazyLock::new(|| failure("ReleaseUnhealthy"));
static OPERATOR: LazyLock<FailureReason> = LazyLock::new(|| failure("RollbackRequested"));
pub static STOPPED: LazyLock<FailureReason> = LazyLock::new(|| failure("ReleaseStopped"));
static OTHER: LazyLock<FailureReason> = LazyLock::new(|| failure("FlipRefused"));

fn failure(error: &str) -> FailureReason {
    FailureReason::failure(error, "why")
}

/// Why an execution records the end of its release.
pub fn of_end(execution: &Execution) -> &'static FailureReason {
    if execution.is_bad { &SMOKE } else { &OTHER }
}

/// Why somebody flips back.
pub fn of_flip_back(world: &World, who: Who, task: Task) -> &'static FailureReason {
    let index = match (who, task) {
        (_, Task::EndStopped(_)) => return &STOPPED,
        (Who::Execution(index), _) => index,
        (Who::Alarm(_) | Who::Stop(_), _) => return &ALARM,
    };
    match &world.executions[index] {
        it if it.kind == Kind::Rollback => &OPERATOR,
        it if it.is_bad => &VERDICT,
        _ => &OTHER,
    }
}

/// Whether that speaks against the build, judged without the code under test.
pub fn speaks_against_the_build(world: &World, who: Who, task: Task) -> bool {
    match (who, task) {
        (_, Task::EndStopped(_)) => false,
        (Who::Alarm(_) | Who::Stop(_), _) => true,
        (Who::Execution(index), _) => {
            let it = &world.executions[index];
            it.is_bad || it.kind == Kind::Rollback
        }
    }
}
