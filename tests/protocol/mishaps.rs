//! What may go wrong: processes that die or are abandoned, executions that are aborted, alarms, a hand on the rule.

use crate::aborts::abort;
use crate::answer::Answer;
use crate::contracts::{contract, contracted};
use crate::decisions::Decisions;
use crate::execution::Stage;
use crate::health::ALL;
use crate::hearing::hear;
use crate::image_changes::{change, changes};
use crate::machine::{answer, run_out};
use crate::mutation::Mutation;
use crate::process::{Step, Try};
use crate::protocol::{Action, Protocol};
use crate::saying::{say, speeches};
use crate::strays::{stray, strays};
use crate::tasks::Tasks;
use crate::verdict::Verdict;
use crate::world::{Delivery, World, by_hand};
use crate::write::Write;
use shared::{Environment, Traffic};

/// Adds the mishaps that the budget still allows.
pub fn mishaps(protocol: &Protocol, world: &World, actions: &mut Vec<Action>) {
    let budget = &world.budget;
    for (index, it) in world.tries.iter().enumerate() {
        of_process(protocol, world, index, it, actions);
    }
    for (index, execution) in world.executions.iter().enumerate() {
        let waits = execution.blocked && !execution.busy || execution.at == Stage::Wait;
        if budget.run_outs > 0 && waits {
            actions.push(Action::RunOut(index));
        }
        if budget.aborts > 0 && execution.at.is_running() {
            actions.push(Action::Abort(index));
        }
    }
    if budget.alarms > 0 {
        actions.extend(protocol.watched.iter().map(|it| Action::Alarm(*it)));
    }
    if budget.hands > 0 {
        let both = Environment::BOTH.map(|it| Some(Traffic::all(it)));
        let split = (protocol.shares.len() > 1).then(by_hand).map(Some);
        let places = both.into_iter().chain([None]).chain(split);
        let elsewhere = places.filter(|place| *place != world.rules[0]);
        actions.extend(elsewhere.map(Action::Hand));
    }
    if budget.contracts > 0 && contracted(world, &protocol.decisions()).is_some() {
        actions.push(Action::Contract);
    }
    if budget.sickness > 0 {
        let healthy = |it: &Environment| world.tasks(*it).healthy > 0;
        let well = Environment::BOTH.into_iter().filter(healthy);
        actions.extend(well.map(Action::Sicken));
    }
    changes(world, actions);
    shortages(world, actions);
    of_words(world, actions);
    speeches(protocol, world, actions);
    strays(protocol, world, actions);
}

/// A release may turn out bad while people decide, and whoever brings a word may die, before or after the record has it.
fn of_words(world: &World, actions: &mut Vec<Action>) {
    for (index, execution) in world.executions.iter().enumerate() {
        if execution.at == Stage::WatchOn {
            actions.push(Action::Judge(index, Verdict::Bad));
        }
    }
    if world.budget.losses > 0 {
        for (index, word) in world.words.iter().enumerate() {
            actions.push(if word.halts {
                Action::Forget(index)
            } else {
                Action::HearAgain(index)
            });
        }
    }
}

/// A zone that fails, or autoscaling: for a while one target is healthy, or the active environment wants one.
fn shortages(world: &World, actions: &mut Vec<Action>) {
    for environment in Environment::BOTH {
        let Tasks { healthy, wants, .. } = *world.tasks(environment);
        if (1..ALL).contains(&healthy) {
            actions.push(Action::Recover(environment));
        }
        if world.budget.shortages > 0 && healthy == ALL {
            actions.push(Action::Thin(environment));
        }
        let active = world.active() == Some(environment);
        if world.budget.shortages > 0 && wants == ALL && active {
            actions.push(Action::ScaleIn(environment));
        }
    }
}

fn of_process(
    protocol: &Protocol,
    world: &World,
    index: usize,
    it: &Try,
    actions: &mut Vec<Action>,
) {
    let budget = &world.budget;
    let sent = match &it.step {
        Step::Write(_, writing) => writing.unanswered.as_slice(),
        _ => &[],
    };
    if !it.awaited || budget.losses > 0 {
        actions.push(Action::Die(index));
    }
    if it.awaited && budget.losses > 0 {
        actions.push(Action::Abandon(index));
    }
    if it.awaited && budget.refusals > 0 {
        actions.extend((0..sent.len()).map(|write| Action::Reject(index, write)));
    }
    let resends = protocol.decisions().broken(Mutation::ResendUnanswered);
    if resends && budget.losses > 0 {
        actions.extend((0..sent.len()).map(|write| Action::Resend(index, write)));
    }
}

/// Lets one of them happen.
pub fn befall(protocol: &Protocol, world: &mut World, mishap: Action) {
    let decisions = &protocol.decisions();
    match mishap {
        Action::Die(index) => {
            let it = world.tries.remove(index);
            world.budget.losses -= u8::from(it.awaited);
            answer(world, &it, &Answer::Lost, decisions);
        }
        Action::Abandon(index) => {
            world.budget.losses -= 1;
            let it = world.tries[index].clone();
            world.tries[index].awaited = false;
            answer(world, &it, &Answer::Lost, decisions);
        }
        Action::Resend(index, write) => {
            world.budget.losses -= 1;
            world.writes.push(sent(&world.tries[index], write));
            world.writes.sort();
        }
        Action::Reject(index, write) => reject(world, index, write, decisions),
        Action::RunOut(index) => {
            world.budget.run_outs -= 1;
            run_out(world, index);
        }
        Action::Abort(index) => {
            world.budget.aborts -= 1;
            abort(protocol, world, index);
        }
        Action::Alarm(environment) => alarm(world, environment),
        Action::Hand(place) => {
            world.budget.hands -= 1;
            world.hand = true;
            world.rules[0] = place;
        }
        Action::MoveTag | Action::CheckImages => change(world, mishap),
        Action::Contract => contract(world, decisions),
        Action::DeployLate => world.deploy_late(),
        Action::Say(speech, release, gate) => say(world, speech, release, gate),
        Action::HearAgain(_) | Action::Forget(_) => lose_word(world, mishap, decisions),
        Action::StrayFlip(..) | Action::StrayStep(..) | Action::StraySmoke(..) => {
            stray(world, mishap, decisions)
        }
        other => of_targets(world, other),
    }
}

/// detect's answer to a word is lost, or whoever brings the word dies.
fn lose_word(world: &mut World, mishap: Action, decisions: &Decisions) {
    world.budget.losses -= 1;
    match mishap {
        Action::HearAgain(index) => hear(world, index, false, decisions),
        Action::Forget(index) => drop(world.words.remove(index)),
        other => unreachable!("{other:?} is no loss of a word"),
    }
}

/// Targets become unhealthy or healthy again, or fewer are wanted.
fn of_targets(world: &mut World, mishap: Action) {
    match mishap {
        Action::Sicken(environment) => {
            world.budget.sickness -= 1;
            world.tasks_mut(environment).healthy = 0;
        }
        Action::Thin(environment) => {
            world.budget.shortages -= 1;
            world.tasks_mut(environment).healthy = 1;
        }
        Action::Recover(environment) => world.tasks_mut(environment).healthy = ALL,
        Action::ScaleIn(environment) => {
            world.budget.shortages -= 1;
            world.tasks_mut(environment).wants = 1;
        }
        other => unreachable!("{other:?} is no mishap"),
    }
}

/// A write of this process that has no answer so far.
fn sent(it: &Try, write: usize) -> Write {
    let Step::Write(_, writing) = &it.step else {
        unreachable!("only a write is rejected, or sent again")
    };
    writing.unanswered[write].clone()
}

/// The write has no effect, and its process knows: once it has the other answers, it releases the lease.
fn reject(world: &mut World, index: usize, write: usize, decisions: &Decisions) {
    world.budget.refusals -= 1;
    let write = sent(&world.tries[index], write);
    let unanswered = decisions.broken(Mutation::ReleaseLeaseUnanswered);
    if !unanswered && let Some(at) = world.writes.iter().position(|sent| *sent == write) {
        world.writes.remove(at);
    }
    let it = &mut world.tries[index];
    if let Some(next) = it.step.answered(&write, true) {
        it.step = next;
    }
    if decisions.broken(Mutation::ReleaseLeaseAtFirstAnswer)
        && let Step::Write(movement, _) = it.step
    {
        it.step = Step::Release(movement);
    }
}

/// Each change of an alarm's state is delivered twice, at any time.
fn alarm(world: &mut World, environment: Option<Environment>) {
    world.budget.alarms -= 1;
    let delivery = Delivery {
        changed_at: world.now,
        environment,
        open: true,
        blocked: false,
        lost: false,
    };
    world.deliveries.extend([delivery; 2]);
}
