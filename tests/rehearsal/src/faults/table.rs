//! The table of a sweep, for a person: a line for every call and for every task, a column for every fault.

use super::course::Course;
use super::outcome::Outcome;
use super::runs::{Strike, TIMED_OUT};
use crate::proxy::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Every violation, the table, and the last line.
pub fn lines(outcomes: &[Outcome]) -> Vec<String> {
    let kinds = Kind::SWEPT.iter().map(|kind| format!("{kind:?}"));
    let kinds: Vec<String> = kinds.chain([TIMED_OUT.to_owned()]).collect();
    let mut lines: Vec<_> = outcomes.iter().flat_map(Outcome::broken).collect();
    lines.push(row("call or task", &kinds));
    let mut places: BTreeMap<(Course, String), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        let key = (outcome.run.course, outcome.run.strike.place());
        places.entry(key).or_default().push(outcome);
    }
    for ((course, place), runs) in &places {
        let cells: Vec<_> = kinds.iter().map(|kind| cell(runs, kind)).collect();
        lines.push(row(&format!("{course:?} {place}"), &cells));
    }
    let tasks = places.values().filter(|runs| is_task(runs)).count();
    let violations = outcomes.iter().flat_map(|outcome| &outcome.violations);
    let kinds = outcomes.iter().map(|outcome| outcome.run.strike.kind());
    lines.push(format!(
        "faults: calls={} tasks={tasks} kinds={} runs={} violations={}",
        places.len() - tasks,
        kinds.collect::<BTreeSet<_>>().len(),
        outcomes.len(),
        violations.count()
    ));
    lines
}

fn is_task(runs: &[&Outcome]) -> bool {
    let mut strikes = runs.iter().map(|outcome| &outcome.run.strike);
    strikes.all(|strike| matches!(strike, Strike::Task(_)))
}

fn cell(runs: &[&Outcome], kind: &str) -> String {
    let run = runs
        .iter()
        .find(|outcome| outcome.run.strike.kind() == kind);
    run.map_or_else(String::new, |outcome| {
        let mark = match outcome.violations.is_empty() {
            true => "",
            false => "! ",
        };
        let end = outcome.end.replace("ReleaseRolledBack", "rolled back");
        format!("{mark}{end} {:.0}s", outcome.seconds)
    })
}

fn row(name: &str, cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("{cell:<20}")).collect();
    format!("{name:<52}{}", cells.trim_end())
}
