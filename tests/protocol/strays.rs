//! Tasks that go astray: delivered once more at any time, or with what belongs to another release.
//!
//! What is not among them is a smoke test that somebody makes up for the release that holds the record.

use crate::decisions::Decisions;
use crate::process::{Step, Task, Try, Who};
use crate::protocol::Action;
use crate::smoke_steps::pass_smoke;
use crate::world::World;

/// Adds the stray tasks of every execution that has claimed.
pub fn strays(world: &World, actions: &mut Vec<Action>) {
    if world.budget.strays == 0 {
        return;
    }
    let all = world.executions.iter().enumerate();
    let claimed = all.filter(|(_, it)| it.claimed).map(|(index, _)| index);
    let claimed: Vec<_> = claimed.collect();
    for &of in &claimed {
        let flip = |revision| Action::StrayFlip(of, revision);
        actions.extend([flip(of), flip(of + 1)]);
        for &tested in &claimed {
            if tested != of || has_passed(world, of) {
                actions.push(Action::StraySmoke(of, tested));
            }
        }
    }
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
        Action::StrayFlip(release, revision) => world.tries.push(Try {
            who: Who::Execution(release),
            awaited: false,
            began: world.now,
            fresh: false,
            step: Step::Ask(Task::Flip(release, revision)),
        }),
        Action::StraySmoke(by, tested) => {
            pass_smoke(by, tested, world, decisions);
        }
        other => unreachable!("{other:?} is no stray task"),
    }
}
