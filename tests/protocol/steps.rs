//! What each step does to the world.

use crate::execution::{Answer, Stage, hear};
use crate::fact::Fact;
use crate::misfortune::befall;
use crate::model::{Action, Protocol};
use crate::mutation::Mutation;
use crate::opener;
use crate::process::{Errand, Next, Step, Try, Who};
use crate::world::{Side, World};
use crate::writer;

impl Protocol {
    pub fn act(&self, world: &mut World, action: Action) {
        match action {
            Action::Start(index) | Action::LookAgain(index) => {
                world.executions[index].go(Stage::Detect);
                self.begin(world, index);
            }
            Action::Begin(index) => self.begin(world, index),
            Action::Deliver(index) => {
                world.deliveries[index].blocked = false;
                world.deliveries[index].lost = false;
                self.spawn(world, Who::Alarm(index), Step::Ask(Errand::Alarm(index)));
            }
            Action::Step(index) => self.step(world, index),
            Action::Land(index) => land(world, index),
            Action::Tick => world.pass_time(),
            Action::Deploy(index) => deploy(world, index),
            Action::Smoke(index, passed) => self.smoke(world, index, passed),
            Action::Judge(index, true) => world.executions[index].go(Stage::RecordRelease),
            Action::Judge(index, false) => world.executions[index].go(Stage::FlipBack),
            mishap => befall(world, mishap, &self.laws()),
        }
    }

    fn begin(&self, world: &mut World, index: usize) {
        let execution = &mut world.executions[index];
        execution.tries -= 1;
        execution.blocked = false;
        execution.busy = true;
        let step = match execution.at {
            Stage::Detect => Step::Arrive,
            Stage::Flip => Step::Ask(Errand::Flip(index)),
            Stage::FlipBack => Step::Ask(Errand::FlipBack(execution.release)),
            stage => Step::Finish(stage),
        };
        self.spawn(world, Who::Execution(index), step);
    }

    fn spawn(&self, world: &mut World, who: Who, step: Step) {
        let began = world.now;
        world.tries.push(Try {
            who,
            heard: true,
            began: if step.is_of_flip() { began } else { 0 },
            fresh: false,
            step,
        });
        // A process that dies before its first step has done nothing that could be seen.
        self.step(world, world.tries.len() - 1);
    }

    fn step(&self, world: &mut World, index: usize) {
        let mut it = world.tries.remove(index);
        let next = if it.step.is_of_flip() {
            writer::step(&mut it, world, &self.laws())
        } else {
            opener::step(&mut it, world, &self.laws())
        };
        match next {
            Next::Step(step) => world.tries.insert(index, Try { step, ..it }),
            Next::Answer(answer) => tell(world, &it, &answer),
        }
    }

    fn smoke(&self, world: &mut World, index: usize, passed: bool) {
        let to = world.executions[index].from.expect("a plan").other();
        if passed && world.side(to).code == Some(index) {
            world.side_mut(to).proven = true;
        }
        let on = passed || self.mutation == Some(Mutation::SkipSmoke);
        let stage = if on {
            Stage::Flip
        } else {
            Stage::RecordFailure
        };
        world.executions[index].go(stage);
    }
}

pub fn is_asked_by(world: &World, who: Who) -> bool {
    world.tries.iter().any(|it| it.who == who && it.heard)
}

/// Gives an answer to whoever waits for it. An alarm's error is delivered again, an answer ends the delivery.
pub fn tell(world: &mut World, it: &Try, answer: &Answer) {
    match it.who {
        _ if !it.heard => {}
        Who::Execution(index) => hear(world, index, answer),
        Who::Alarm(index) => {
            let delivery = &mut world.deliveries[index];
            delivery.blocked = *answer == Answer::Blocked;
            delivery.lost = *answer == Answer::Lost;
            delivery.open = matches!(answer, Answer::Blocked | Answer::Lost);
        }
    }
}

/// Every task of deploy in one: what runs on the idle side is this release's, and nothing is proven.
fn deploy(world: &mut World, index: usize) {
    let to = world.executions[index].from.expect("a plan").other();
    if world.rules.contains(&Some(to)) && !world.hand {
        world.note(Fact::DeployedToActive);
    }
    *world.side_mut(to) = Side {
        healthy: true,
        code: Some(index),
        proven: false,
    };
    world.executions[index].go(Stage::Smoke);
}

fn land(world: &mut World, index: usize) {
    let write = world.writes.remove(index);
    if world.rules[write.rule] != Some(write.to) {
        crate::verdict::judge(world, &write);
        world.rules[write.rule] = Some(write.to);
    }
    let waits = |it: &&mut Try| matches!(&it.step, Step::Sent(_, sent, _) if *sent == write);
    if let Some(it) = world.tries.iter_mut().find(waits)
        && let Step::Sent(job, _, rest) = &it.step
    {
        it.step = Step::Send(*job, rest.clone());
    }
}
