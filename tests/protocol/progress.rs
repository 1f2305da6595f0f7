//! The steps that somebody takes of their own accord, so that in the end all of them are taken.

use crate::clock::at;
use crate::detect_steps::is_admissible;
use crate::execution::{Execution, Stage};
use crate::heeding::leads_on;
use crate::images::Said;
use crate::process::{Try, Who};
use crate::protocol::{Action, Protocol};
use crate::verdict::Verdict;
use crate::world::World;
use crate::write::Write;
use record::{Freeze, Gate, Release};

/// Adds every step that is possible now.
pub fn progress(protocol: &Protocol, world: &World, actions: &mut Vec<Action>) {
    for (index, execution) in world.executions.iter().enumerate() {
        next_of(protocol, world, index, execution, actions);
    }
    deliveries(world, actions);
    words(world, actions);
    looks(protocol, world, actions);
    let decided = |(build, check)| [true, false].map(|good| Action::Decide(build, check, good));
    actions.extend(world.undecided().into_iter().flat_map(decided));
    for (index, it) in world.tries.iter().enumerate() {
        if !it.step.waits() {
            actions.push(Action::Step(index));
        }
    }
    let lands = |(index, write): (usize, &Write)| {
        let again = index > 0 && world.writes[index - 1] == *write;
        (!again).then_some(Action::Land(index))
    };
    actions.extend(world.writes.iter().enumerate().filter_map(lands));
    if time_passes(protocol, world) {
        actions.push(Action::Tick);
    }
    if world.leftover.is_some_and(|it| it.flies) {
        actions.push(Action::DeployLate);
    }
}

/// detect takes what people have said, in any order.
fn words(world: &World, actions: &mut Vec<Action>) {
    for (index, word) in world.words.iter().enumerate() {
        actions.push(if word.halts {
            Action::Halt(index)
        } else {
            Action::Hear(index)
        });
    }
}

fn deliveries(world: &World, actions: &mut Vec<Action>) {
    for (index, delivery) in world.deliveries.iter().enumerate() {
        let waits = delivery.blocked && is_leased(world);
        let same = index > 0
            && world.deliveries[index - 1] == *delivery
            && !world.is_awaited(Who::Alarm(index - 1));
        if delivery.open && !waits && !same && !world.is_awaited(Who::Alarm(index)) {
            actions.push(Action::Deliver(index));
        }
    }
}

/// Flip is notified of an execution that was stopped: by the event, which may be lost, or by the schedule, which comes in
/// the end. Both may come at once.
fn looks(protocol: &Protocol, world: &World, actions: &mut Vec<Action>) {
    let deliveries = if protocol.overlap { 2 } else { 1 };
    for index in 0..deliveries {
        let who = Who::Stop(index);
        let goes_on = |it: &Try| it.who == who && (it.awaited || !protocol.overlap);
        if !world.tries.iter().any(goes_on) && ends_stopped(protocol, world, who) {
            actions.push(Action::Look(index));
        }
    }
}

/// Somebody is notified of an execution that was stopped, and has something to do.
pub fn ends_stopped(protocol: &Protocol, world: &World, who: Who) -> bool {
    protocol.notified && protocol.decisions().would_end(world, who)
}

fn next_of(
    protocol: &Protocol,
    world: &World,
    index: usize,
    it: &Execution,
    actions: &mut Vec<Action>,
) {
    match it.at {
        Stage::NotStarted => actions.push(Action::Start(index)),
        Stage::Verify(_) => actions.extend(Said::ALL.map(|said| Action::Verify(index, said))),
        Stage::Check => checks(protocol, world, index, it, actions),
        Stage::Wait if world.waits_for_signature(it) => actions.push(Action::GiveUp(index)),
        Stage::Deploy => actions.push(Action::Deploy(index)),
        Stage::Smoke => {
            actions.extend([true, false].map(|passed| Action::Smoke(index, passed)));
        }
        Stage::Watch => {
            let verdicts = Verdict::all(it.people.heard.finish).iter();
            actions.extend(verdicts.map(|verdict| Action::Judge(index, *verdict)));
        }
        Stage::WaitForTargets => {
            actions.push(Action::GiveUp(index));
            // Before that it would only wait once more.
            let share = protocol.share_of(it);
            if protocol.decisions().is_ready(index, share, world) {
                actions.push(Action::LookAgain(index));
            }
        }
        // Before that it would only hear the same.
        Stage::WaitForApproval | Stage::WatchOn if leads_on(protocol, world, index) => {
            actions.push(Action::HeedAgain(index));
        }
        Stage::Wait if is_admissible(index, world, &protocol.decisions()) => {
            actions.push(Action::DetectAgain(index));
        }
        stage if stage.is_task() && !it.busy => {
            let waits = it.blocked && is_leased(world);
            let is_its_own = |other: &Try| other.who == Who::Execution(index);
            let alone = protocol.overlap || !world.tries.iter().any(is_its_own);
            if !waits && alone {
                actions.push(Action::Begin(index));
            }
        }
        _ => {}
    }
}

/// The time for a scan is over, or deploy is asked again, once that leads to something.
fn checks(
    protocol: &Protocol,
    world: &World,
    index: usize,
    it: &Execution,
    actions: &mut Vec<Action>,
) {
    actions.push(Action::GiveUp(index));
    if protocol.decisions().scan_passes(it, world).is_some() {
        actions.push(Action::Check(index));
    }
}

/// Somebody may still write the rules.
pub fn is_leased(world: &World) -> bool {
    world.record.0.live_lease(at(world.now)).is_some()
}

/// Time passes where somebody may wait for it, unless somebody must act or die, or a write land, before.
fn time_passes(protocol: &Protocol, world: &World) -> bool {
    let now = world.now;
    let of_flip = |it: &&Try| it.step.is_of_flip();
    let lives = |it: &Try| now < it.began + 1 + protocol.outlives;
    let flies = |write: &Write| now + 1 < write.until + protocol.outlives;
    let just_flipped = |it: &Release| it.flipped_at == Some(at(now));
    let alarm_comes =
        world.budget.alarms > 0 && world.record.0.release.as_ref().is_some_and(just_flipped);
    let mut flips = world.tries.iter().filter(of_flip);
    let at_work = world.leftover.is_some();
    let waited_for = is_leased(world)
        || alarm_comes
        || at_work
        || is_waited_for_people(world)
        || flips.clone().next().is_some();
    flips.all(lives) && world.writes.iter().all(flies) && waited_for
}

/// A gate is open, a release is held, or releases have just been frozen: a word of the same moment does not act on that.
fn is_waited_for_people(world: &World) -> bool {
    let (record, now) = (&world.record.0, at(world.now));
    let opens = |it: &Gate| it.outcome.is_none() && it.until > now;
    let release = record.release.as_ref().filter(|it| !it.phase.is_terminal());
    let held = release.is_some_and(|it| it.held_at(now).is_some());
    let begins = |it: &Freeze| it.ended.is_none() && it.decision.at == now;
    let freezes = world.budget.words > 0 && record.freeze.as_ref().is_some_and(begins);
    held || freezes || release.is_some() && record.gate.as_ref().is_some_and(opens)
}
