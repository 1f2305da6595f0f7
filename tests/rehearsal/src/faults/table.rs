//! The table of a sweep, for a person: a line for every call, a column for every fault.

use super::outcome::Outcome;
use super::runs::Course;
use crate::proxy::{Kind, Target};
use std::collections::{BTreeMap, BTreeSet};

/// Every violation, the table, and the last line.
pub fn lines(outcomes: &[Outcome]) -> Vec<String> {
    let mut lines: Vec<_> = outcomes.iter().flat_map(Outcome::broken).collect();
    lines.push(row("call", &Kind::SWEPT.map(|kind| format!("{kind:?}"))));
    let mut calls: BTreeMap<(Course, &Target), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        let key = (outcome.run.course, &outcome.run.fault.target);
        calls.entry(key).or_default().push(outcome);
    }
    for ((course, target), runs) in &calls {
        let cells = Kind::SWEPT.map(|kind| cell(runs, kind));
        lines.push(row(&format!("{course:?} {target}"), &cells));
    }
    let violations = outcomes.iter().flat_map(|outcome| &outcome.violations);
    let kinds = outcomes.iter().map(|outcome| outcome.run.fault.kind);
    lines.push(format!(
        "faults: calls={} kinds={} runs={} violations={}",
        calls.len(),
        kinds.collect::<BTreeSet<_>>().len(),
        outcomes.len(),
        violations.count()
    ));
    lines
}

fn cell(runs: &[&Outcome], kind: Kind) -> String {
    let run = runs.iter().find(|outcome| outcome.run.fault.kind == kind);
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
