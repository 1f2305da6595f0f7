//! Which faults are tried: every kind at every call, and a timeout at every task of the machine.

use super::course::Course;
use crate::proxy::{Fault, Kind, RecordedCall, Target, places};
use std::collections::BTreeSet;
use std::fmt;

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

    /// Whether nobody learns of the end, since it is the task of its event that times out.
    pub(super) fn silences(&self) -> bool {
        let ends = ["Tell of release", "Tell of rollback"];
        matches!(&self.strike, Strike::Task(state) if ends.contains(&state.as_str()))
    }

    /// Whether a warning of the end must say that an event is missing.
    pub(super) fn warns(&self) -> bool {
        matches!(&self.strike, Strike::Task(state) if state.starts_with(TELLS))
    }

    /// The end that a release must have although a task of it timed out. Before the flip it ends with that, and after it
    /// is flipped back; what only tells more, or only records, changes no end.
    pub(super) fn end(&self) -> Option<&'static str> {
        let Strike::Task(state) = &self.strike else {
            return None;
        };
        Some(match (self.course, state.as_str()) {
            (_, "Flip back") => "FlipBackFailed",
            (Course::Rollback | Course::CanaryRollback, _) => "ReleaseRolledBack",
            (_, "Evaluate metrics" | "Record step" | "Record release") => "ReleaseRolledBack",
            (_, "Probe new environment" | "Heed people again") => "released",
            (_, state) if state.starts_with(TELLS) => "released",
            (Course::Good | Course::Canary | Course::People, _) => "TaskTimedOut",
        })
    }
}

/// What a course did without any fault.
pub struct Recording {
    pub course: Course,
    pub calls: Vec<RecordedCall>,
    /// The machine's states that it entered, in order.
    pub states: Vec<String>,
}

impl Recording {
    /// The states whose tasks it did, and whose timeouts are tried in it.
    fn tasks(&self) -> BTreeSet<String> {
        let machine = project::machine();
        let is_task = |state: &&String| machine["States"][state.as_str()]["Type"] == "Task";
        let from = match self.course.rolls_back() {
            true => "Watch",
            false => "Begin",
        };
        let entered = self.states.iter().skip_while(|state| *state != from);
        // The others are tasks of a release without steps as well.
        let of = match self.course {
            Course::Good | Course::Rollback => None,
            Course::Canary | Course::CanaryRollback => Some(&OF_STEPS[..]),
            Course::People => Some(&OF_PEOPLE[..]),
        };
        let new = |state: &&String| of.is_none_or(|of| of.contains(&state.as_str()));
        entered.filter(is_task).filter(new).cloned().collect()
    }
}

/// Tasks of a release in steps alone.
const OF_STEPS: [&str; 3] = ["Check traffic", "Record step", "Tell of step"];

/// Tasks of a release that waits for people alone.
const OF_PEOPLE: [&str; 1] = ["Tell of gate"];

/// How the names of the states begin whose tasks are events.
const TELLS: &str = "Tell of ";

/// Faults after which a write may have had an effect or not, and the refusal after which it has none. What the others lead
/// to is the same for every write.
const HALF_DONE: [Kind; 5] = [
    Kind::Refused,
    Kind::CutAfter,
    Kind::Slow,
    Kind::Killed,
    Kind::LateEffect,
];

/// Calls that change something.
const WRITES: [&str; 5] = [
    "TransactWriteItems",
    "ModifyRule",
    "ModifyListener",
    "RegisterTaskDefinition",
    "UpdateService",
];

/// The runs for what was recorded.
pub fn all(recordings: &[Recording]) -> Vec<Run> {
    let runs = recordings.iter().flat_map(|recording| {
        let course = recording.course;
        let calls = faults(recording).into_iter().map(Strike::Call);
        let tasks = recording.tasks().into_iter().map(Strike::Task);
        calls.chain(tasks).map(move |strike| Run { course, strike })
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
    runs.filter(|run| !denied_before(&run.strike)).collect()
}

/// Every fault that makes sense at every call that is in every run of the course.
fn faults(recording: &Recording) -> Vec<Fault> {
    let targets = places(&recording.calls).into_iter();
    let targets = targets.filter(|target| tried(recording.course, target));
    let kinds: &[Kind] = match recording.course {
        Course::Good | Course::Rollback => &Kind::SWEPT,
        Course::Canary | Course::CanaryRollback | Course::People => &HALF_DONE,
    };
    let faults = targets.flat_map(|target| {
        kinds.iter().map(move |kind| Fault {
            target: target.clone(),
            kind: *kind,
        })
    });
    faults.filter(makes_sense).collect()
}

/// Whether a call is tried in a course. A rollback is a good release up to the verdict, so only what comes after the flip
/// is tried again in it; in steps only what they write: of the share, and of the step that has passed; and of people only
/// their words: the gate, the hold, the approval and the resume.
fn tried(course: Course, target: &Target) -> bool {
    let (function, nth) = (target.function.as_str(), target.invocation);
    let writes = WRITES.contains(&target.operation.as_str());
    match course {
        Course::Good => in_every_run(target),
        Course::Rollback => in_every_run(target) && after_the_flip(target),
        // Detect is asked twice for the release and once for the smoke test before it, and for the end after it.
        Course::Canary => {
            writes && ((function, nth) == ("Detect", 3) || function == "Flip" && nth < 2)
        }
        Course::CanaryRollback => writes && (function, nth) == ("Flip", 1),
        Course::People => writes && function == "Detect" && (2..6).contains(&nth),
    }
}

/// Detect claims and records the smoke test before the flip, and then looks at what people say, before it and after it. What
/// evaluate-metrics cannot read is no reason to flip back, and what that look cannot read neither.
fn after_the_flip(target: &Target) -> bool {
    let writes = WRITES.contains(&target.operation.as_str());
    match target.function.as_str() {
        "Deploy" | "EvaluateMetrics" => false,
        "Detect" => target.invocation > if writes { 1 } else { 3 },
        _ => target.invocation > 0,
    }
}

/// Loops may go round once more on a slow machine; what is beyond the first round is not in every run. What an event
/// invokes comes when it comes.
fn in_every_run(target: &Target) -> bool {
    let rounds = match target.function.as_str() {
        "Detect" => 5,
        _ => 2,
    };
    target.invocation < rounds && !target.is_by_event()
}

/// A read has no effect that could come late, or before its answer is cut: that is the cut before it.
fn makes_sense(fault: &Fault) -> bool {
    let of_effects = matches!(fault.kind, Kind::LateEffect | Kind::CutAfter);
    !of_effects || WRITES.contains(&fault.target.operation.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_of_the_watch_that_times_out_changes_no_end() {
        let end = |course, state: &str| {
            let strike = Strike::Task(state.to_owned());
            Run { course, strike }.end()
        };
        let [released, rolled_back] = ["released", "ReleaseRolledBack"].map(Some);
        let expect = [released, rolled_back, released, rolled_back, released];
        for state in ["Probe new environment", "Heed people again"] {
            assert_eq!(Course::ALL.map(|course| end(course, state)), expect);
        }
    }
}
