//! What detect makes of a smoke test that passed, and of a share that was healthy, judged with what the code under test
//! does not know.

use crate::answer::Answer;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::heeding::note_forward;
use crate::names::index_of;
use crate::world::World;
use record::{PassSmoke, PassStep};
use shared::Share;

/// Execution `by` tells detect what smoke answered about release `tested`. Whether the record says so now.
pub fn pass_smoke(by: usize, tested: usize, world: &mut World, decisions: &Decisions) -> bool {
    let build = world.executions[tested].build();
    match decisions.pass_smoke(&world.record.0, by, tested, build) {
        PassSmoke::Recorded(next) => {
            let release = next.release.as_ref().expect("a release");
            let tasks = world.tasks(release.to);
            if tasks.code != Some(index_of(&release.id)) || !tasks.proven {
                world.note(Fact::RecordedUnproven);
            }
            world.store(next);
            true
        }
        PassSmoke::AlreadyRecorded => {
            world.note(Fact::RetriedSmoke);
            true
        }
        PassSmoke::Refused(_) => {
            world.note(Fact::StraySmokeRefused);
            false
        }
    }
}

/// Execution `by` tells detect that its watch found this share healthy.
pub fn pass_step(by: usize, share: Share, world: &mut World, decisions: &Decisions) -> Answer {
    match decisions.pass_step(&world.record.0, by, share, world.now) {
        PassStep::Recorded(next) => {
            let release = next.release.as_ref().expect("a release");
            let index = index_of(&release.id);
            if release.passed_share > world.executions[index].passed_at() {
                world.note(Fact::PassedUnjudged);
            }
            note_forward(world, index, None, decisions);
            world.store(next);
            Answer::StepTaken(true)
        }
        PassStep::AlreadyRecorded => Answer::StepTaken(true),
        PassStep::Waits(_) => decisions.waits(),
        PassStep::Refused(_) => {
            world.note(Fact::StrayStepRefused);
            Answer::StepTaken(false)
        }
    }
}
