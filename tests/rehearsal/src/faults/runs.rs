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
    pub target: Target,
    pub kind: Kind,
}

impl Run {
    pub fn fault(&self) -> Fault {
        Fault {
            target: self.target.clone(),
            kind: self.kind,
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {:?} at {}", self.course, self.kind, self.target)
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
    let good = targets(Course::Good, good);
    let rollback = targets(Course::Rollback, rollback).filter(|(_, target)| after_the_flip(target));
    let runs = good.chain(rollback).flat_map(|(course, target)| {
        Kind::SWEPT.map(|kind| Run {
            course,
            target: target.clone(),
            kind,
        })
    });
    // A permission is taken away as a whole, so once for each function and operation is enough.
    let mut denied = BTreeSet::new();
    let mut denied_before = |Run { target, kind, .. }: &Run| {
        let operation = (target.function.clone(), target.operation.clone());
        *kind == Kind::Denied && !denied.insert(operation)
    };
    runs.filter(|run| makes_sense(run) && (part == Part::All || is_vital(run)))
        .filter(|run| !denied_before(run))
        .collect()
}

fn targets(course: Course, calls: &[RecordedCall]) -> impl Iterator<Item = (Course, Target)> {
    let targets = places(calls).into_iter().filter(in_every_run);
    targets.map(move |target| (course, target))
}

fn after_the_flip(target: &Target) -> bool {
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
fn makes_sense(run: &Run) -> bool {
    run.kind != Kind::LateEffect || WRITES.contains(&run.target.operation.as_str())
}

/// What matters most, in about half a minute: lost answers and killed processes around the writes that move traffic.
fn is_vital(run: &Run) -> bool {
    let target = &run.target;
    match (target.operation.as_str(), run.course) {
        ("ModifyRule", Course::Good) => matches!(run.kind, Kind::CutAfter | Kind::Killed),
        ("ModifyRule", Course::Rollback) => run.kind == Kind::Killed,
        ("TransactWriteItems", Course::Good) => run.kind == Kind::Killed && target.call == 1,
        ("TransactWriteItems", Course::Rollback) => run.kind == Kind::CutAfter && target.call == 1,
        _ => false,
    }
}
