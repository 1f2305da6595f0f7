//! Which faults are tried: every kind at every call.

use crate::proxy::{Fault, Kind, Seen, Target, places};
use std::collections::BTreeSet;
use std::fmt;

/// What happens on the stage while the fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Story {
    /// An image is pushed and released.
    Good,
    /// The released image answers with errors, so that it is flipped back.
    Rollback,
}

/// How much of the plan runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    All,
    /// What matters most: every fault at every write of the rules and at the record's writes around them.
    Writes,
}

/// One run: a story with one fault in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    pub story: Story,
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
        write!(f, "{:?}, {:?} at {}", self.story, self.kind, self.target)
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
pub fn plan(good: &[Seen], rollback: &[Seen], part: Part) -> Vec<Run> {
    let of = |story, calls: &[Seen]| {
        let targets = places(calls).into_iter().filter(in_every_run);
        targets
            .map(move |target| (story, target))
            .collect::<Vec<_>>()
    };
    let after_the_flip = of(Story::Rollback, rollback)
        .into_iter()
        .filter(|(_, target)| {
            target.function == "EvaluateMetrics"
                || target.invocation > 0 && target.function != "Deploy"
        });
    let all = of(Story::Good, good).into_iter().chain(after_the_flip);
    let runs = all.flat_map(|(story, target)| {
        let kinds = Kind::ALL.into_iter();
        kinds.map(move |kind| Run {
            story,
            target: target.clone(),
            kind,
        })
    });
    let mut denied = BTreeSet::new();
    runs.filter(|run| makes_sense(run) && (part == Part::All || is_vital(run)))
        // A permission is taken away as a whole, so once for each function and operation is enough.
        .filter(|Run { target, kind, .. }| {
            *kind != Kind::Denied
                || denied.insert((target.function.clone(), target.operation.clone()))
        })
        .collect()
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
    match (target.operation.as_str(), run.story) {
        ("ModifyRule", Story::Good) => matches!(run.kind, Kind::CutAfter | Kind::Killed),
        ("ModifyRule", Story::Rollback) => run.kind == Kind::Killed,
        ("TransactWriteItems", Story::Good) => run.kind == Kind::Killed && target.call == 1,
        ("TransactWriteItems", Story::Rollback) => run.kind == Kind::CutAfter && target.call == 1,
        _ => false,
    }
}
