//! What the properties ask for of a flip, noted where it happens.

use crate::answer::Answer;
use crate::capacity::health;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::execution::Kind;
use crate::fact::Fact;
use crate::health::Health;
use crate::heeding::note_forward;
use crate::look::Look;
use crate::process::{Task, Who};
use crate::world::{World, by_hand};
use record::{Before, Phase, Record, Release};
use shared::Traffic;

/// Notes why the record refused.
pub fn note_refusal(refusal: &str, world: &mut World) {
    let noted = [
        (refusal.starts_with("contract "), Fact::RefusedAfterContract),
        (
            refusal.ends_with("is failed, past its flip"),
            Fact::LateFlipRefused,
        ),
        (
            refusal.contains("passed the smoke test"),
            Fact::UntestedFlipRefused,
        ),
        (
            refusal.contains("passed its watch"),
            Fact::LargerShareRefused,
        ),
    ];
    for (_, fact) in noted.into_iter().filter(|(is_so, _)| *is_so) {
        world.note(fact);
    }
}

/// Notes why flip writes no rule.
pub fn note_refused(answer: Answer, task: Task, to: Traffic, world: &mut World) -> Answer {
    let health = health(&world.look(), &world.record.0, task.direction(), to);
    match answer {
        Answer::NotReady => world.note(Fact::WaitedForTargets),
        _ if health == Health::None => world.note(Fact::RefusedForHealth),
        _ if !world.hand => world.note(Fact::OwnSplitRefused),
        _ => {}
    }
    answer
}

/// Notes that flip is about to write although it has found a rule where nobody here has pointed it.
pub fn note_foreign(look: &Look, world: &mut World) {
    if look.rules.contains(&None) || look.rules.contains(&Some(by_hand())) {
        world.note(Fact::MovedUnknownRule);
    }
}

/// Notes what begins that must not: the first flip to another revision, or the end of a release whose execution runs.
pub fn note_begin(task: Task, release: usize, world: &mut World, decisions: &Decisions) {
    let phase = world.record.0.release.as_ref().map(|it| it.phase);
    let begins = phase == Some(Phase::Deploying);
    if begins && matches!(task, Task::Flip(_, revision, _) if revision != release) {
        world.note(Fact::BegunWithAnotherRevision);
    }
    if let Task::Flip(_, _, share) = task
        && matches!(phase, Some(Phase::Deploying | Phase::Watching))
    {
        note_forward(world, release, Some(Before::Flip(share)), decisions);
    }
    let ends = matches!(task, Task::EndStopped(_));
    if ends && world.executions[release].at.is_running() {
        world.note(Fact::EndedARunning);
    }
}

/// Notes the freeze that a flip back begins, once: whoever has unfrozen since then has done so for all of its tries.
pub fn note_freeze(next: &Record, world: &mut World, decisions: &Decisions) {
    let begins = world.record.0.release.as_ref().map(|it| it.phase) != Some(Phase::RollingBack);
    world.frozen |= begins && decisions.policy.freeze_after_rollback;
    if next.freeze_at(at(world.now)).is_some() && !world.frozen {
        world.note(Fact::DecidedTwice);
    }
}

/// Notes that a release has more than its first share.
pub fn note_grown(next: &Record, world: &mut World) {
    let release = next.release.as_ref();
    if release.is_some_and(|it| it.passed_share.is_some()) {
        world.note(Fact::Grown);
    }
}

/// Notes for whom traffic was flipped back, and from where.
pub fn note_rollback(who: Who, task: Task, world: &mut World) {
    let operator = |index: usize| world.executions[index].kind == Kind::Rollback;
    let fact = match (who, task) {
        (_, Task::EndStopped(_)) => Fact::RolledBackStopped,
        (Who::Alarm(_) | Who::Stop(_), _) => Fact::RolledBackByAlarm,
        (Who::Execution(index), _) if operator(index) => Fact::RolledBackByOperator,
        (Who::Execution(_), _) => Fact::RolledBackByVerdict,
    };
    world.note(fact);
    if world.frozen {
        world.note(Fact::RolledBackFrozen);
    }
    let release = world.record.0.release.as_ref();
    if release.is_some_and(|it: &Release| !it.current_share().is_all()) {
        world.note(Fact::RolledBackFromSplit);
    }
}
