//! What may go wrong: processes that die or are given up, executions that are aborted, alarms, a hand on the rule.

use crate::clock::at;
use crate::execution::{Answer, Stage, index_of, run_out};
use crate::fact::Fact;
use crate::model::{Action, Protocol};
use crate::mutation::{Mutation, Rules};
use crate::process::{Step, Try, Who};
use crate::steps::tell;
use crate::world::{Delivery, World};
use shared::Environment;
use shared::record::{BeginContract, Contract, Finish, Outcome, Record};

/// The execution of the contract step.
const CONTRACT: &str = "x:contract";

impl Protocol {
    /// The misfortunes that the budget still allows.
    pub fn mishaps(&self, world: &World, actions: &mut Vec<Action>) {
        let budget = &world.budget;
        for (index, it) in world.tries.iter().enumerate() {
            if !it.heard || budget.losses > 0 {
                actions.push(Action::Die(index));
            }
            if it.heard && budget.losses > 0 {
                actions.push(Action::Unheard(index));
            }
            if it.heard && budget.refusals > 0 && matches!(it.step, Step::Sent(..)) {
                actions.push(Action::TurnAway(index));
            }
            let resends = self.mutation == Some(Mutation::ResendUnanswered);
            if resends && budget.losses > 0 && matches!(it.step, Step::Sent(..)) {
                actions.push(Action::Resend(index));
            }
        }
        for (index, execution) in world.executions.iter().enumerate() {
            let waits = execution.blocked && !execution.busy || execution.at == Stage::Wait;
            if budget.give_ups > 0 && waits {
                actions.push(Action::GiveUp(index));
            }
            if budget.aborts > 0 && execution.at.is_running() {
                actions.push(Action::Abort(index));
            }
        }
        if budget.alarms > 0 {
            actions.extend(self.watched.iter().map(|side| Action::Ring(*side)));
        }
        if budget.hands > 0 {
            let places = [Some(Environment::Blue), Some(Environment::Green), None];
            let elsewhere = places.into_iter().filter(|place| *place != world.rules[0]);
            actions.extend(elsewhere.map(Action::Hand));
        }
        if budget.contracts > 0 && contracted(world, &self.laws()).is_some() {
            actions.push(Action::Contract);
        }
        if budget.sickness > 0 {
            let well = |side: &Environment| world.side(*side).healthy;
            actions.extend(
                Environment::BOTH
                    .into_iter()
                    .filter(well)
                    .map(Action::Sicken),
            );
        }
    }
}

/// Lets one of them happen.
pub fn befall(world: &mut World, mishap: Action, rules: &Rules) {
    match mishap {
        Action::Die(index) => {
            let it = world.tries.remove(index);
            world.budget.losses -= u8::from(it.heard);
            tell(world, &it, &Answer::Lost);
        }
        Action::Unheard(index) => {
            world.budget.losses -= 1;
            let it = world.tries[index].clone();
            world.tries[index].heard = false;
            tell(world, &it, &Answer::Lost);
        }
        Action::Resend(index) => {
            world.budget.losses -= 1;
            if let Step::Sent(_, write, _) = world.tries[index].step.clone() {
                world.writes.push(write);
                world.writes.sort();
            }
        }
        Action::TurnAway(index) => turn_away(world, index, rules),
        Action::GiveUp(index) => {
            world.budget.give_ups -= 1;
            run_out(world, index);
        }
        Action::Abort(index) => abort(world, index),
        Action::Ring(environment) => ring(world, environment),
        Action::Hand(place) => {
            world.budget.hands -= 1;
            world.hand = true;
            world.rules[0] = place;
        }
        Action::Sicken(side) => {
            world.budget.sickness -= 1;
            world.side_mut(side).healthy = false;
        }
        Action::Contract => {
            world.budget.contracts -= 1;
            if let Some(next) = contracted(world, rules) {
                let barred = next.contract.as_ref().map(|it| index_of(&it.bars));
                world.barred = barred;
                world.store(next);
                world.note(Fact::Contracted);
            }
        }
        other => unreachable!("{other:?} is no mishap"),
    }
}

/// The record after a contract step that begins now, if one may. It ends in the same moment: from its beginning on it bars
/// what it bars.
fn contracted(world: &World, rules: &Rules) -> Option<Record> {
    let expand = world.record.0.expands.first()?.clone();
    let contract = Contract::wish("contract", CONTRACT, at(world.now), expand);
    let BeginContract::Go(next) = rules.begin_contract(&world.record.0, &contract) else {
        return None;
    };
    match next.finish(CONTRACT, Outcome::Contracted, "because") {
        Finish::Finished(next) => Some(next),
        Finish::NotHolder(_) | Finish::WentBack(_) => None,
    }
}

/// The write has no effect, and its process knows: it gives the lease back and answers an error.
fn turn_away(world: &mut World, index: usize, rules: &Rules) {
    world.budget.refusals -= 1;
    let it = world.tries.remove(index);
    let Step::Sent(_, write, _) = &it.step else {
        unreachable!("only a write is turned away")
    };
    let unanswered = rules.mutation == Some(Mutation::GiveUpUnanswered);
    if !unanswered && let Some(at) = world.writes.iter().position(|sent| sent == write) {
        world.writes.remove(at);
    }
    if let Some(next) = world.record.0.give_up(it.writer()) {
        world.store(next);
        world.note(Fact::LeaseGivenBack);
    }
    tell(world, &it, &Answer::Lost);
}

/// The processes of an aborted execution go on; nobody hears them.
fn abort(world: &mut World, index: usize) {
    world.budget.aborts -= 1;
    world.executions[index].busy = false;
    world.executions[index].go(Stage::Aborted);
    let theirs = |it: &&mut Try| it.who == Who::Execution(index);
    for it in world.tries.iter_mut().filter(theirs) {
        it.heard = false;
    }
}

/// Each change of an alarm's state is delivered twice, at any time.
fn ring(world: &mut World, environment: Option<Environment>) {
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
