//! Which faults are tried: every kind at every call.

use crate::proxy::{Fault, Kind, RecordedCall, Target, places};
use std::collections::BTreeSet;
use std::fmt;

/// What happens on the stage while the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// An image is pushed and released.
    Good,
    /// The released image answers with errors, so that it is flipped back.
    Rollback,
}

/// How much of the sweep runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    All,
    /// What matters most: every fault at every write of the rules and at the record's writes around them.
    Writes,
}

/// One run: a course with one fault in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    pub course: Course,
    pub fault: Fault,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { target, kind } = &self.fault;
        write!(f, "{:?}, {kind:?} at {target}", self.course)
    }
}

/// Calls that change something.
const WRITES: [&str; 5] = [
    "TransactWriteItems",
    "ModifyRule",
    "ModifyListener",
    "RegisterTaskDefinition",
    "UpdateService",
];

/// The runs for what was recorded. A rollback is a good release up to the verdict, so only what comes after the flip
/// is tried again in it.
pub fn all(good: &[RecordedCall], rollback: &[RecordedCall], part: Part) -> Vec<Run> {
    let good = faults(Course::Good, good);
    let rollback = faults(Course::Rollback, rollback).filter(after_the_flip);
    // A permission is taken away as a whole, so once for each function and operation is enough.
    let mut denied = BTreeSet::new();
    let mut denied_before = |Fault { target, kind }: &Fault| {
        let operation = (target.function.clone(), target.operation.clone());
        *kind == Kind::Denied && !denied.insert(operation)
    };
    good.chain(rollback)
        .filter(|run| makes_sense(&run.fault) && (part == Part::All || is_vital(run)))
        .filter(|run| !denied_before(&run.fault))
        .collect()
}

/// Every fault at every call that is in every run of the course.
fn faults(course: Course, calls: &[RecordedCall]) -> impl Iterator<Item = Run> {
    let targets = places(calls).into_iter().filter(in_every_run);
    targets.flat_map(move |target| {
        Kind::SWEPT.map(|kind| Run {
            course,
            fault: Fault {
                target: target.clone(),
                kind,
            },
        })
    })
}

fn after_the_flip(run: &Run) -> bool {
    let target = &run.fault.target;
    target.function == "EvaluateMetrics" || target.invocation > 0 && target.function != "Deploy"
}

/// Loops may go round once more on a slow machine; what is beyond the first round is not in every run.
fn in_every_run(target: &Target) -> bool {
    target.invocation
        < match target.function.as_str() {
            "Deploy" => 3,
            "EvaluateMetrics" => 1,
            _ => 2,
        }
}

/// A read has no effect that could come late.
fn makes_sense(fault: &Fault) -> bool {
    fault.kind != Kind::LateEffect || WRITES.contains(&fault.target.operation.as_str())
}

/// What matters most, in about half a minute: lost answers and killed processes around the writes that move traffic.
fn is_vital(run: &Run) -> bool {
    let Fault { target, kind } = &run.fault;
    match (target.operation.as_str(), run.course) {
        ("ModifyRule", Course::Good) => matches!(kind, Kind::CutAfter | Kind::Killed),
        ("ModifyRule", Course::Rollback) => *kind == Kind::Killed,
        ("TransactWriteItems", Course::Good) => *kind == Kind::Killed && target.call == 1,
        ("TransactWriteItems", Course::Rollback) => *kind == Kind::CutAfter && target.call == 1,
        _ => false,
    }
}
