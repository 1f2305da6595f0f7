//! Executions that are aborted: by accident, or since a person has stopped their release.

use crate::execution::Stage;
use crate::fact::Fact;
use crate::mutation::Mutation;
use crate::names::index_of_arn;
use crate::process::{Try, Who};
use crate::protocol::Protocol;
use crate::world::World;

/// The processes of an aborted execution go on; nobody awaits them.
pub fn abort(protocol: &Protocol, world: &mut World, index: usize) {
    if protocol.leaves_work && world.executions[index].at == Stage::Deploy {
        world.leave_work(index);
    }
    world.executions[index].busy = false;
    world.executions[index].go(Stage::Aborted);
    let theirs = |it: &&mut Try| it.who == Who::Execution(index);
    for it in world.tries.iter_mut().filter(theirs) {
        it.awaited = false;
    }
}

/// Aborts the execution of the release that a person has stopped, if it still runs.
pub fn halt(protocol: &Protocol, world: &mut World, index: usize) {
    let word = world.words.remove(index);
    let holder = world.record.0.holder.as_ref().map(index_of_arn);
    let holder = holder.filter(|_| protocol.decisions().broken(Mutation::HaltHolder));
    let named = word.release.expect("a release");
    let halted = holder.unwrap_or(named);
    if !world.executions[halted].at.is_running() {
        return;
    }
    if halted != named {
        world.note(Fact::ActedOnAnother);
    }
    world.note(Fact::Halted);
    abort(protocol, world, halted);
}
