//! Which faults are tried: every kind at every call, and a timeout at every task of the machine.

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
    /// What matters most: every fault at every write of the rules and at the record's writes around them, and every task
    /// that times out.
    Vital,
}

/// What strikes in a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strike {
    /// A call of a function.
    Call(Fault),
    /// The task of this state, which times out as AWS reports it: without a cause.
    Task(String),
}

/// The column of the timeouts in the sweep's table, behind the kinds of faults at calls.
pub(super) const TIMED_OUT: &str = "TimedOut";

impl Strike {
    /// The kind of fault, in a word.
    pub(super) fn kind(&self) -> String {
        match self {
            Strike::Call(fault) => format!("{:?}", fault.kind),
            Strike::Task(_) => TIMED_OUT.to_owned(),
        }
    }

    /// Where it strikes.
    pub(super) fn place(&self) -> String {
        match self {
            Strike::Call(fault) => fault.target.to_string(),
            Strike::Task(state) => format!("\"{state}\""),
        }
    }
}

/// One run: a course with one fault in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    pub course: Course,
    pub strike: Strike,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, place) = (self.strike.kind(), self.strike.place());
        write!(f, "{:?}, {kind} at {place}", self.course)
    }
}

impl Run {
    /// Whether it is this state's task that times out, in this course.
    pub(super) fn times_out(&self, course: Course, state: &str) -> bool {
        self.course == course && matches!(&self.strike, Strike::Task(name) if name == state)
    }

    /// The end that a release must have although a task of it timed out. Before the flip it ends with that, and after it
    /// is flipped back; what only tells more, or only records, changes no end.
    pub(super) fn end(&self) -> Option<&'static str> {
        let Strike::Task(state) = &self.strike else {
            return None;
        };
        Some(match (self.course, state.as_str()) {
            (Course::Good, "Probe new environment" | "Notify of inconclusive verdict") => {
                "released"
            }
            (Course::Good, "Evaluate metrics" | "Record release") => "ReleaseRolledBack",
            (Course::Good, _) => "TaskTimedOut",
            (Course::Rollback, "Flip back") => "FlipBackFailed",
            (Course::Rollback, _) => "ReleaseRolledBack",
        })
    }
}

/// What a course did without any fault.
pub struct Recording {
    pub calls: Vec<RecordedCall>,
    /// The machine's states that it entered, in order.
    pub states: Vec<String>,
}

impl Recording {
    /// The states from one on whose tasks it did.
    fn tasks(&self, from: &str) -> BTreeSet<String> {
        let machine = project::machine();
        let is_task = |state: &&String| machine["States"][state.as_str()]["Type"] == "Task";
        let entered = self.states.iter().skip_while(|state| *state != from);
        entered.filter(is_task).cloned().collect()
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
pub fn all(good: &Recording, rollback: &Recording, part: Part) -> Vec<Run> {
    let again = faults(&rollback.calls).into_iter();
    let again = again.filter(|fault| after_the_flip(&fault.target));
    let calls = [
        (Course::Good, faults(&good.calls)),
        (Course::Rollback, again.collect()),
    ];
    let calls = calls.into_iter().flat_map(|(course, faults)| {
        let strikes = faults.into_iter().map(Strike::Call);
        strikes.map(move |strike| Run { course, strike })
    });
    let tasks = [
        (Course::Good, good.tasks("Begin")),
        (Course::Rollback, rollback.tasks("Watch")),
    ];
    let tasks = tasks.into_iter().flat_map(|(course, states)| {
        let strikes = states.into_iter().map(Strike::Task);
        strikes.map(move |strike| Run { course, strike })
    });
    // A permission is taken away as a whole, so once for each function and operation is enough.
    let mut denied = BTreeSet::new();
    let mut denied_before = |strike: &Strike| match strike {
        Strike::Call(Fault { target, kind }) => {
            let operation = (target.function.clone(), target.operation.clone());
            *kind == Kind::Denied && !denied.insert(operation)
        }
        Strike::Task(_) => false,
    };
    calls
        .chain(tasks)
        .filter(|run| part == Part::All || is_vital(run))
        .filter(|run| !denied_before(&run.strike))
        .collect()
}

/// Every fault that makes sense at every call that is in every run of the course.
fn faults(calls: &[RecordedCall]) -> Vec<Fault> {
    let targets = places(calls).into_iter().filter(in_every_run);
    let faults = targets.flat_map(|target| {
        Kind::SWEPT.map(|kind| Fault {
            target: target.clone(),
            kind,
        })
    });
    faults.filter(makes_sense).collect()
}

/// Detect claims and records the smoke test before the flip. What evaluate-metrics cannot read is no reason to flip back.
fn after_the_flip(target: &Target) -> bool {
    match target.function.as_str() {
        "Deploy" | "EvaluateMetrics" => false,
        "Detect" => target.invocation > 1,
        _ => target.invocation > 0,
    }
}

/// Loops may go round once more on a slow machine; what is beyond the first round is not in every run.
fn in_every_run(target: &Target) -> bool {
    target.invocation
        < match target.function.as_str() {
            "Deploy" | "Detect" => 3,
            _ => 2,
        }
}

/// A read has no effect that could come late.
fn makes_sense(fault: &Fault) -> bool {
    fault.kind != Kind::LateEffect || WRITES.contains(&fault.target.operation.as_str())
}

/// What matters most, in a minute or two: lost answers and killed processes around the writes that move traffic, and
/// ends of which AWS gives no cause.
fn is_vital(run: &Run) -> bool {
    let Strike::Call(Fault { target, kind }) = &run.strike else {
        return true;
    };
    match (target.operation.as_str(), run.course) {
        ("ModifyRule", Course::Good) => matches!(kind, Kind::CutAfter | Kind::Killed),
        ("ModifyRule", Course::Rollback) => *kind == Kind::Killed,
        ("TransactWriteItems", Course::Good) => *kind == Kind::Killed && target.call == 1,
        ("TransactWriteItems", Course::Rollback) => *kind == Kind::CutAfter && target.call == 1,
        _ => false,
    }
}
