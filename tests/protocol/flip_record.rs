//! What flip asks the record, and what it makes of a look with the answer.

use crate::answer::Answer;
use crate::capacity::health;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::flip_notes::note_refusal;
use crate::look::Look;
use crate::mutation::Mutation;
use crate::premise::{Premise, Rules};
use crate::process::{Snapshot, Task, Try};
use crate::smoke_decisions::FlipTask;
use crate::world::World;
use record::{BeginFlip, Release};
use shared::Traffic;

/// Asks the record whether the task may be done now.
pub fn ask(it: &Try, task: Task, rules: &Rules, world: &World, decisions: &Decisions) -> BeginFlip {
    match task {
        Task::Flip(release, revision, share) => {
            let task = FlipTask {
                release,
                revision,
                share,
                began: it.began,
            };
            decisions.begin_flip(&world.record.0, task, rules, world.now)
        }
        Task::FlipBack(_) | Task::Alarm(_) | Task::EndStopped(_) => {
            decisions.begin_flip_back(it.who, task, world, it.began)
        }
    }
}

/// The release to go on with, or the answer.
pub fn admitted<'a>(
    begun: &'a BeginFlip,
    task: Task,
    world: &mut World,
    decisions: &Decisions,
) -> Result<&'a Release, Answer> {
    match begun {
        BeginFlip::Begun { release, .. } => Ok(release),
        BeginFlip::AlreadyDone(_) => {
            if matches!(task, Task::Alarm(_)) {
                world.note(Fact::SecondAlarmChangedNothing);
            }
            Err(Answer::Moved)
        }
        BeginFlip::Held { .. } => {
            world.note(Fact::FlipHeld);
            Err(decisions.waits())
        }
        BeginFlip::Refused(refusal) => {
            note_refusal(refusal.as_str(), world);
            Err(Answer::Refused)
        }
        BeginFlip::NothingToFlipBack { .. } | BeginFlip::Ignored(_) => {
            Err(Answer::NothingToFlipBack)
        }
        BeginFlip::LeaseHeld { .. } => {
            world.note(Fact::WaitedForLease);
            Err(Answer::Blocked)
        }
    }
}

/// The rules to write, and what else was read with them.
pub fn snapshot(
    task: Task,
    to: Traffic,
    premise: &Premise,
    look: &Look,
    world: &World,
    decisions: &Decisions,
) -> Result<Snapshot, Answer> {
    let again = decisions.broken(Mutation::ForwardsOfEachTry);
    let splits = premise.own.is_first_of(to) || again;
    Ok(Snapshot {
        writes: decisions.rule_writes(look, premise, to)?,
        unsplit: if splits {
            look.rules.clone()
        } else {
            Vec::new()
        },
        health: health(look, &world.record.0, task.direction(), to),
    })
}
