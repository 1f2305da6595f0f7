//! Whether a state is an end, and whether somebody stands still before his.

use crate::execution::{Execution, Stage};
use crate::fact::Fact;
use crate::process::Who;
use crate::progress::{ends_stopped, is_leased, progress};
use crate::protocol::Protocol;
use crate::world::World;

/// Nobody does anything any more, and nothing is on its way or will be tried again. An alarm may still come.
pub fn is_quiet(protocol: &Protocol, world: &World) -> bool {
    let rests = |it: &Execution| !it.at.is_running();
    let done = world.executions.iter().all(rests) && world.tries.is_empty();
    let lost = world.deliveries.iter().any(|it| it.lost);
    let ended = |who| !ends_stopped(protocol, world, who);
    done && !lost
        && world.writes.is_empty()
        && !is_waited_for(protocol, world)
        && ended(Who::Stop(0))
}

/// Flip is notified of a stopped execution, and waits until its lease or its last task is over.
fn is_waited_for(protocol: &Protocol, world: &World) -> bool {
    protocol.notified && (is_leased(world) || world.leftover.is_some())
}

/// Somebody aborted an execution and nobody else ends its release, or an execution ended without what it had to do.
pub fn left_half_way(protocol: &Protocol, world: &World) -> bool {
    let refused = world.has(Fact::RefusedStopped);
    let left = |it: &Execution| it.left_half_way(protocol.flips_back_stopped() && !refused);
    world.executions.iter().any(left)
}

/// Nobody can do a step, and yet somebody has not ended, or a lease has not either.
pub fn is_stuck(protocol: &Protocol, world: &World) -> bool {
    let mut actions = Vec::new();
    progress(protocol, world, &mut actions);
    // As long as releases are frozen, a push may wait: somebody unfreezes them, or its own time is over.
    let waits = |it: &Execution| it.at == Stage::Wait && world.frozen;
    let ended = |it: &Execution| it.at.has_ended() || waits(it);
    actions.is_empty() && (is_leased(world) || !world.executions.iter().all(ended))
}
