//! Tasks that go astray: delivered once more at any time, or with what belongs to another release.
//!
//! What is not among them is what somebody makes up for the release that holds the record: a smoke test, a verdict on a
//! step, or a flip that skips a share.

use crate::decisions::Decisions;
use crate::process::{Step, Task, Try, Who};
use crate::protocol::{Action, Protocol};
use crate::smoke_steps::{pass_smoke, pass_step};
use crate::world::World;
use shared::Share;

/// Adds the stray tasks of every execution that has claimed.
pub fn strays(protocol: &Protocol, world: &World, actions: &mut Vec<Action>) {
    if world.budget.strays == 0 {
        return;
    }
    let all = world.executions.iter().enumerate();
    let claimed = all.filter(|(_, it)| it.claimed).map(|(index, _)| index);
    let claimed: Vec<_> = claimed.collect();
    for &of in &claimed {
        let first = protocol.shares[0];
        let flip = |revision| Action::StrayFlip(of, revision, first);
        actions.extend([flip(of), flip(of + 1)]);
        actions.extend(next_share(protocol, world).map(|share| Action::StrayFlip(of, of, share)));
        let healthy = |share: &&Share| Some(**share) <= world.executions[of].healthy_at;
        let healthy = protocol.shares.iter().filter(healthy);
        actions.extend(healthy.map(|share| Action::StrayStep(of, *share)));
        for &tested in &claimed {
            if tested != of || has_passed(world, of) {
                actions.push(Action::StraySmoke(of, tested));
            }
        }
    }
}

/// The share that follows the one that the record's release has.
fn next_share(protocol: &Protocol, world: &World) -> Option<Share> {
    let share = world.record.0.release.as_ref()?.share?;
    let mut larger = protocol.shares.iter().filter(|it| **it > share);
    larger.next().copied()
}

/// Whether the smoke test of this release has passed on what still runs there.
fn has_passed(world: &World, release: usize) -> bool {
    let mut environments = world.environments.iter();
    environments.any(|it| it.code == Some(release) && it.proven)
}

/// Delivers one of them; nobody awaits its answer.
pub fn stray(world: &mut World, task: Action, decisions: &Decisions) {
    world.budget.strays -= 1;
    match task {
        Action::StrayFlip(release, revision, share) => world.tries.push(Try {
            who: Who::Execution(release),
            awaited: false,
            began: world.now,
            fresh: false,
            step: Step::Ahead(Task::Flip(release, revision, share)),
        }),
        Action::StrayStep(by, share) => {
            pass_step(by, share, world, decisions);
        }
        Action::StraySmoke(by, tested) => {
            pass_smoke(by, tested, world, decisions);
        }
        other => unreachable!("{other:?} is no stray task"),
    }
}
