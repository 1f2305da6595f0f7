//! What each step does to the world.

use crate::aborts::halt;
use crate::audit::audit;
use crate::execution::Stage;
use crate::fact::Fact;
use crate::hearing::hear;
use crate::image_decisions::{checked, verified};
use crate::machine::answer;
use crate::mishaps::befall;
use crate::mutation::Mutation;
use crate::process::{Next, Step, Task, Try, Who};
use crate::protocol::{Action, Protocol};
use crate::watch::judge;
use crate::world::World;
use crate::{detect_steps, flip_steps};

/// Takes a step.
pub fn act(protocol: &Protocol, world: &mut World, action: Action) {
    match action {
        Action::Start(index) | Action::DetectAgain(index) => {
            world.executions[index].go(Stage::Detect);
            begin(protocol, world, index);
        }
        Action::Begin(index) => begin(protocol, world, index),
        Action::Deliver(index) => {
            world.deliveries[index].blocked = false;
            world.deliveries[index].lost = false;
            spawn(
                protocol,
                world,
                Who::Alarm(index),
                Step::Ask(Task::Alarm(index)),
            );
        }
        Action::Look(index) => spawn(protocol, world, Who::Stop(index), Step::Look),
        Action::Step(index) => step(protocol, world, index),
        Action::Land(index) => land(protocol, world, index),
        Action::Tick => world.pass_time(protocol.policy.minds_shares()),
        Action::Deploy(index) => {
            world.deploy(index);
            let execution = &mut world.executions[index];
            execution.go(if execution.vetted.scan_pends {
                Stage::Check
            } else {
                Stage::Smoke
            });
        }
        Action::Smoke(index, passed) => smoke(protocol, world, index, passed),
        Action::LookAgain(index) => world.executions[index].go(Stage::Flip),
        Action::GiveUp(index) => give_up(world, index),
        Action::Decide(build, check, good) => world.decide(build, check, good),
        Action::Verify(index, said) => verified(world, index, said, &protocol.decisions()),
        Action::Check(index) => checked(world, index, &protocol.decisions()),
        Action::Judge(index, verdict) => judge(protocol, world, index, verdict),
        Action::HeedAgain(index) => {
            let execution = &mut world.executions[index];
            execution.go(match execution.at {
                Stage::WaitForApproval => Stage::HeedFlip,
                _ => Stage::HeedWatch,
            });
        }
        Action::Hear(index) => hear(world, index, true, &protocol.decisions()),
        Action::Halt(index) => halt(protocol, world, index),
        mishap => befall(protocol, world, mishap),
    }
}

fn begin(protocol: &Protocol, world: &mut World, index: usize) {
    let may_be_lost = world.budget.losses > 0;
    let before = protocol.before(&world.executions[index]);
    let execution = &mut world.executions[index];
    execution.tries -= 1;
    execution.blocked = false;
    execution.busy = true;
    let step = match execution.at {
        Stage::Detect => Step::Enqueue,
        Stage::RecordSmoke => Step::TakeSmoke(index),
        Stage::Flip => {
            let share = protocol.share_of(execution);
            Step::Ahead(Task::Flip(index, index, share))
        }
        Stage::RecordStep => Step::TakeVerdict(protocol.share_of(execution)),
        Stage::HeedFlip | Stage::HeedWatch if !may_be_lost => Step::Heed(before),
        Stage::HeedFlip | Stage::HeedWatch => Step::TakeHeed(before),
        Stage::EndStopped => Step::Look,
        Stage::FlipBack => Step::Ask(Task::FlipBack(execution.release)),
        stage => Step::Finish(stage),
    };
    spawn(protocol, world, Who::Execution(index), step);
}

fn spawn(protocol: &Protocol, world: &mut World, who: Who, first: Step) {
    let began = world.now;
    world.tries.push(Try {
        who,
        awaited: true,
        began: if first.is_of_flip() { began } else { 0 },
        fresh: false,
        step: first,
    });
    // A process that dies before its first step has done nothing that could be seen.
    step(protocol, world, world.tries.len() - 1);
}

fn step(protocol: &Protocol, world: &mut World, index: usize) {
    let mut it = world.tries.remove(index);
    let next = if it.step.is_of_flip() {
        flip_steps::step(&mut it, world, &protocol.decisions())
    } else {
        detect_steps::step(&mut it, world, &protocol.decisions())
    };
    match next {
        Next::Step(step) => world.tries.insert(index, Try { step, ..it }),
        Next::Answer(given) => answer(world, &it, &given, &protocol.decisions()),
    }
}

fn smoke(protocol: &Protocol, world: &mut World, index: usize, passed: bool) {
    let to = world.executions[index].from.expect("a plan").other();
    if passed && world.tasks(to).code == Some(index) {
        world.tasks_mut(to).proven = true;
    }
    let goes_on = passed || protocol.decisions().broken(Mutation::SkipSmoke);
    let stage = if goes_on {
        Stage::RecordSmoke
    } else {
        Stage::RecordFailure
    };
    world.executions[index].is_bad = !goes_on;
    world.executions[index].go(stage);
}

fn give_up(world: &mut World, index: usize) {
    let (fact, next) = match world.executions[index].at {
        Stage::Check => (Some(Fact::GaveUpOnScan), Stage::RecordFailure),
        Stage::Wait => (None, Stage::RecordFailure),
        _ => (Some(Fact::GaveUpOnTargets), Stage::FlipBack),
    };
    fact.into_iter().for_each(|it| world.note(it));
    world.executions[index].go(next);
}

fn land(protocol: &Protocol, world: &mut World, index: usize) {
    let write = world.writes.remove(index);
    if world.rules[write.rule] != Some(write.traffic()) {
        audit(protocol, world, &write);
        world.rules[write.rule] = Some(write.traffic());
    }
    let answered = |it: &Try| it.step.answered(&write, false);
    let mut answered = world.tries.iter().map(answered).enumerate();
    if let Some((index, Some(next))) = answered.find(|(_, next)| next.is_some()) {
        world.tries[index].step = next;
    }
}
