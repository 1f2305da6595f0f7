//! detect ends a release, judged with what the code under test does not know.

use crate::answer::Answer;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::Stage;
use crate::heeding::note_forward;
use crate::item::Item;
use crate::mutation::Mutation;
use crate::names::arn;
use crate::process::{Step, Try};
use crate::reasons;
use crate::world::World;
use record::{Before, Finish, Outcome, Phase};

/// The one change of the record that is taken apart here: the store reads, decides, and writes only where nobody
/// wrote in between. Everywhere else both are one step, since a write that went through found what was read.
pub fn finish(
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
    let read = decisions.as_read_to_end(&read.0);
    let phase = match read.finish(arn(index), outcome, reason, at(world.now)) {
        Finish::Finished(next) | Finish::RolledBackMeanwhile(next) => {
            let phase = next.release.as_ref().map(|it| it.phase);
            if phase == Some(Phase::Stable) && outcome == Outcome::Stable {
                note_forward(world, index, Some(Before::Finish), decisions);
            }
            world.store(next);
            judge(index, phase, world);
            phase
        }
        Finish::NotHolder(phase) => phase,
        Finish::Waits(_) => return Err(decisions.waits()),
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
