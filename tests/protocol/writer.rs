//! flip's process, step by step in the order of `flip/src/traffic.rs`. Anything may happen between two steps.

use crate::balancer;
use crate::execution::{Answer, IDS, Kind, index_of};
use crate::fact::Fact;
use crate::mutation::{Mutation, Rules};
use crate::process::{Errand, Job, Next, Step, Try, Who};
use crate::world::{Way, World, Write};
use shared::Environment;
use shared::record::{Begin, EndFlip, Record};

impl Try {
    fn begin(&self, errand: Errand, world: &World, rules: &Rules) -> Begin {
        let record: &Record = &world.record.0;
        match errand {
            Errand::Flip(index) => {
                rules.begin_flip(record, self.writer(), IDS[index], world.now, self.began)
            }
            Errand::FlipBack(_) | Errand::Alarm(_) => {
                rules.begin_flip_back(record, self.writer(), errand, world, self.began)
            }
        }
    }
}

/// `go` in flip's `traffic`: the release to go on with, or the answer.
fn go(begun: &Begin, errand: Errand, world: &mut World) -> Result<(usize, Environment), Answer> {
    match begun {
        Begin::Go { release, .. } => {
            let to = match errand.way() {
                Way::Forward => release.to,
                Way::Back | Way::Repair => release.from,
            };
            Ok((index_of(&release.id), to))
        }
        Begin::Done(_) => {
            if matches!(errand, Errand::Alarm(_)) {
                world.note(Fact::SecondAlarmFoundItDone);
            }
            Err(Answer::Moved)
        }
        Begin::Refused(reason) => {
            if reason.starts_with("contract ") {
                world.note(Fact::RefusedAfterContract);
            }
            Err(Answer::Refused)
        }
        Begin::NothingToReturn(_) | Begin::Ignored(_) => Err(Answer::NothingToReturn),
        Begin::WriterMayBeAlive { .. } => {
            world.note(Fact::WaitedForWriter);
            Err(Answer::Blocked)
        }
    }
}

/// Does one step of flip.
pub fn step(it: &mut Try, world: &mut World, rules: &Rules) -> Next {
    let next = match &it.step.clone() {
        Step::Ask(errand) => {
            it.fresh = true;
            let begun = it.begin(*errand, world, rules);
            go(&begun, *errand, world).map(|(_, to)| Step::Look(*errand, to))
        }
        Step::Look(errand, to) => match look(world, *to, rules) {
            Some((change, safe)) => Ok(Step::Begin(*errand, *to, change, safe)),
            None => Err(Answer::Refused),
        },
        Step::Begin(errand, ..) if !it.fresh && !rules.trusts_any_look() => Ok(Step::Ask(*errand)),
        Step::Begin(errand, to, change, safe) => {
            begin(it, *errand, *to, *safe, world, rules).map(|job| Step::Send(job, change.clone()))
        }
        Step::Send(job, change) => Ok(send(it, *job, change, world)),
        Step::ReadBack(job) => read_back(*job, world),
        Step::End(job) => end(it, *job, world, rules),
        Step::LookAgain(job) => match look(world, job.to, rules) {
            Some((change, safe)) => Ok(Step::Send(Job { safe, ..*job }, change)),
            None => Err(Answer::Refused),
        },
        other => unreachable!("{other:?} is not a step of flip"),
    };
    next.map_or_else(Next::Answer, Next::Step)
}

/// The rules to change, and whether traffic is safe there.
fn look(world: &mut World, to: Environment, rules: &Rules) -> Option<(Vec<usize>, bool)> {
    let safe = world.side(to).healthy;
    let change = rules.movement(&world.rules, to, safe);
    if change.is_none() && !safe {
        world.note(Fact::RefusedForHealth);
    }
    if change.is_some() && world.rules.contains(&None) {
        world.note(Fact::MovedOnAGuess);
    }
    change.map(|change| (change, safe))
}

fn begin(
    it: &Try,
    errand: Errand,
    looked: Environment,
    safe: bool,
    world: &mut World,
    rules: &Rules,
) -> Result<Job, Answer> {
    let begun = it.begin(errand, world, rules);
    let (release, side) = go(&begun, errand, world)?;
    if let Some(next) = begun.record() {
        if next.writer.as_ref().is_some_and(|lease| lease.retried) {
            world.note(Fact::RetriedFlip);
        }
        world.store(next);
    }
    if errand.way() == Way::Forward {
        let now = world.now;
        world.executions[release].flipped_at.get_or_insert(now);
    }
    let to = if rules.mutation == Some(Mutation::Toggle) {
        world.rules[0].map_or(side, Environment::other)
    } else {
        looked
    };
    Ok(Job {
        errand,
        way: errand.way(),
        to,
        release,
        safe,
    })
}

fn send(it: &Try, job: Job, change: &[usize], world: &mut World) -> Step {
    let Some((rule, rest)) = change.split_first() else {
        return Step::ReadBack(job);
    };
    if !job.safe {
        world.note(Fact::SentToSickSide);
    }
    if job.way == Way::Back && world.barred == Some(job.release) {
        world.note(Fact::BackAfterContract);
    }
    let write = Write {
        rule: *rule,
        to: job.to,
        release: job.release,
        way: job.way,
        alarm: match job.errand {
            Errand::Alarm(delivery) => Some(delivery),
            Errand::Flip(_) | Errand::FlipBack(_) => None,
        },
        until: it.began + 2,
    };
    world.writes.push(write.clone());
    world.writes.sort();
    Step::Sent(job, write, rest.to_vec())
}

/// A rule that does not stand where it was written to is `FlipNotVerified`: the task is tried again.
fn read_back(job: Job, world: &mut World) -> Result<Step, Answer> {
    let found = balancer::active(&world.rules) == Some(job.to);
    match (found, job.way) {
        (false, _) => {
            world.note(Fact::ReadOtherwise);
            Err(Answer::Lost)
        }
        (true, Way::Repair) => {
            world.note(Fact::Repaired);
            Err(Answer::Refused)
        }
        (true, Way::Forward | Way::Back) => Ok(Step::End(job)),
    }
}

fn end(it: &Try, job: Job, world: &mut World, rules: &Rules) -> Result<Step, Answer> {
    let id = IDS[job.release];
    if job.way == Way::Back {
        if let Some(next) = world.record.0.end_flip_back(it.writer(), id) {
            world.store(next);
            note_way_back(it.who, world);
        }
        return Err(Answer::Moved);
    }
    match rules.end_flip(&world.record.0, it.writer(), id) {
        EndFlip::End(next) => {
            world.store(next);
            Err(Answer::Moved)
        }
        EndFlip::Done => Err(Answer::Moved),
        EndFlip::Overtaken(to) => Ok(Step::LookAgain(Job {
            way: Way::Repair,
            to,
            ..job
        })),
    }
}

fn note_way_back(who: Who, world: &mut World) {
    let operator = |index: usize| world.executions[index].kind == Kind::Rollback;
    let fact = match who {
        Who::Alarm(_) => Fact::RolledBackByAlarm,
        Who::Execution(index) if operator(index) => Fact::RolledBackByOperator,
        Who::Execution(_) => Fact::RolledBackByVerdict,
    };
    world.note(fact);
}
