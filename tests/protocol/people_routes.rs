//! Where an execution goes by what people have said.

use crate::decisions::Decisions;
use crate::execution::{Execution, Stage};
use crate::fact::Fact;
use crate::heeded::{Ending, Heard};
use crate::mutation::Mutation;
use crate::world::World;

/// People have answered.
pub fn heard_by(execution: &mut Execution, heard: Heard, decisions: &Decisions) {
    let deploys_anyway = decisions.broken(Mutation::DeployAfterFlip);
    execution.people.heard = heard;
    let people = &mut execution.people;
    match execution.at {
        Stage::HeedWatch => execution.go(Stage::Watch),
        _ if !heard.goes_on => {
            people.waited = true;
            execution.go(Stage::WaitForApproval);
        }
        // Whatever was looked at before is looked at anew; but an earlier try of a flip may live, and flip by now.
        _ if people.waited && (!people.tried || deploys_anyway) => {
            people.waited = false;
            execution.go(Stage::Deploy);
        }
        _ => execution.go(Stage::Flip),
    }
}

/// People end the release.
pub fn ended_by(world: &mut World, index: usize, ending: Ending) {
    world.note(match ending {
        Ending::Rejected => Fact::Rejected,
        Ending::TimedOut => Fact::ApprovalTimedOut,
        Ending::Superseded => Fact::Replaced,
        Ending::Stopped => Fact::HeardOfStop,
    });
    let execution = &mut world.executions[index];
    execution.people.ends = Some(ending);
    execution.is_bad |= ending.is_bad();
    execution.go(Stage::FlipBack);
}

/// The record keeps the release from a step forward: everything before that is looked at again.
pub fn kept(execution: &mut Execution) {
    match execution.at {
        Stage::Flip if execution.step == 0 => {
            execution.people.tried = true;
            return execution.go(Stage::WaitForApproval);
        }
        Stage::Flip => execution.step -= 1,
        _ => {}
    }
    execution.go(Stage::WatchOn);
}
