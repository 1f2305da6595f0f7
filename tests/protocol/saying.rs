//! What somebody may say, and when.

use crate::clock::at;
use crate::names::{WORDS, id};
use crate::protocol::{Action, Protocol};
use crate::word::{Saw, Speech, Word};
use crate::world::World;
use record::{Before, Phase, Release};

/// Adds what somebody may say now.
pub fn speeches(protocol: &Protocol, world: &World, actions: &mut Vec<Action>) {
    if world.budget.words == 0 {
        return;
    }
    for &speech in protocol.policy.speeches {
        if matches!(speech, Speech::Freeze | Speech::Unfreeze) {
            actions.push(Action::Say(speech, None, None));
            continue;
        }
        let claimed = world
            .executions
            .iter()
            .enumerate()
            .filter(|(_, it)| it.claimed);
        for (index, execution) in claimed {
            let say = |gate| Action::Say(speech, Some(index), gate);
            actions.push(say(None));
            if matches!(speech, Speech::Approve | Speech::Reject) {
                let named = execution
                    .people
                    .approved
                    .iter()
                    .map(|gate| say(Some(*gate)));
                actions.extend(named);
            }
        }
    }
}

/// Somebody says something. Its execution has started; when detect takes it is another matter.
pub fn say(world: &mut World, speech: Speech, release: Option<usize>, gate: Option<Before>) {
    let number = WORDS - usize::from(world.budget.words);
    world.budget.words -= 1;
    let saw = shown(world, speech, release);
    let at = world.now;
    world.words.push(Word {
        number,
        speech,
        release,
        gate,
        at,
        saw,
        acted: false,
        halts: false,
    });
}

fn shown(world: &World, speech: Speech, about: Option<usize>) -> Saw {
    let record = &world.record.0;
    let now = at(world.now);
    let about = about.map(id);
    let release = record.release.as_ref().filter(|it| Some(&it.id) == about);
    let gate = record.gate.as_ref().filter(|it| Some(&it.release) == about);
    let gate = gate.filter(|it| it.outcome.is_none());
    let flips = |it: &&Release| matches!(it.phase, Phase::Flipping | Phase::Watching);
    let watched = release.filter(flips);
    let begun = |it: &record::Decision| Saw::Begun(it.execution.clone());
    let saw = match speech {
        Speech::Approve | Speech::Reject => gate.map(|it| Saw::Gate(it.before)),
        Speech::Finish => watched.map(|it| Saw::Share(it.current_share())),
        Speech::Unfreeze => record.freeze_at(now).map(|it| begun(&it.decision)),
        Speech::Hold | Speech::Resume | Speech::Stop | Speech::Freeze => None,
    };
    saw.unwrap_or(Saw::Nothing)
}
