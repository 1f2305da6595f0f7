//! The look of a flip as the record is asked, step by step in the order of `flip/src/ahead.rs`.
//!
//! Here rules and targets answer first, and the record later. The other way round is the same as both at once, when the
//! rules answer: with another record the lease is refused.

use crate::answer::Answer;
use crate::decisions::Decisions;
use crate::flip_notes::{note_foreign, note_refused};
use crate::flip_record::{admitted, ask, snapshot};
use crate::look::Look;
use crate::mutation::Mutation;
use crate::premise::Premise;
use crate::process::{Step, Task, Try};
use crate::world::World;

/// Rules and targets answer.
pub fn ahead(task: Task, world: &World) -> Step {
    Step::AskAhead(task, world.look())
}

/// The record answers. Only a flip that begins uses the look. What is refused may look otherwise by now, so it is looked at
/// once more, after the record.
pub fn ask_ahead(
    it: &mut Try,
    task: Task,
    look: &Look,
    world: &mut World,
    decisions: &Decisions,
) -> Result<Step, Answer> {
    it.fresh = true;
    let begun = ask(it, task, &Vec::new(), world, decisions);
    let release = admitted(&begun, task, world, decisions)?;
    let (to, direction) = (release.expected_traffic(), task.direction());
    let premise = Premise::new(&world.record.0, release, direction);
    if !premise.begins {
        return Ok(Step::Read(task, to, premise));
    }
    match snapshot(task, to, &premise, look, world, decisions) {
        Ok(snapshot) => {
            note_foreign(look, world);
            Ok(Step::Begin(task, to, snapshot))
        }
        Err(answer) if decisions.broken(Mutation::RefuseAhead) => {
            Err(note_refused(answer, task, to, world))
        }
        Err(_) => Ok(Step::Read(task, to, premise)),
    }
}
