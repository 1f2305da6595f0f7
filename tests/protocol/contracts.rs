//! Contract steps of an operator.

use crate::clock::at;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::names::index_of;
use crate::world::World;
use record::{BeginContract, Contract, Finish, Outcome, Record};

/// The execution of the contract step.
const CONTRACT: &str = "x:contract";

/// An operator takes a contract step.
pub fn contract(world: &mut World, decisions: &Decisions) {
    world.budget.contracts -= 1;
    if let Some(next) = contracted(world, decisions) {
        let contract = next.contract.as_ref();
        world.barred = contract.map(|it| index_of(&it.barred_release));
        world.store(next);
        world.note(Fact::Contracted);
        if world.frozen {
            world.note(Fact::ClaimedFrozen);
        }
    }
}

/// The record after a contract step that begins now, if one may. It ends in the same moment: from its beginning on it bars
/// what it bars.
pub fn contracted(world: &World, decisions: &Decisions) -> Option<Record> {
    let expand = world.record.0.expands.first()?.clone();
    let execution = CONTRACT.into();
    let contract = Contract::requested(&"contract".into(), &execution, at(world.now), expand);
    let BeginContract::Begun(next) = decisions.begin_contract(&world.record.0, &contract) else {
        return None;
    };
    match next.finish(
        &execution,
        Outcome::Contracted,
        &"because".into(),
        at(world.now),
    ) {
        Finish::Finished(next) => Some(next),
        Finish::NotHolder(_) | Finish::Waits(_) | Finish::RolledBackMeanwhile(_) => None,
    }
}
