//! The table of a sweep, for a person: a line for every call, a column for every fault.

use super::outcome::Outcome;
use super::runs::Course;
use crate::proxy::{Kind, Target};
use std::collections::BTreeMap;

/// Every violation, the table, and the last line.
pub fn lines(outcomes: &[Outcome]) -> Vec<String> {
    let mut lines = Vec::new();
    for outcome in outcomes {
        lines.extend(outcome.broken());
    }
    lines.push(row("call", &Kind::SWEPT.map(|kind| format!("{kind:?}"))));
    let mut calls: BTreeMap<(Course, &Target), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        let key = (outcome.run.course, &outcome.run.target);
        calls.entry(key).or_default().push(outcome);
    }
    for ((course, target), runs) in &calls {
        let cells = Kind::SWEPT.map(|kind| cell(runs, kind));
        lines.push(row(&format!("{course:?} {target}"), &cells));
    }
    let violations: usize = outcomes
        .iter()
        .map(|outcome| outcome.violations.len())
        .sum();
    let kinds = Kind::SWEPT
        .iter()
        .filter(|kind| outcomes.iter().any(|outcome| outcome.run.kind == **kind));
    lines.push(format!(
        "faults: calls={} kinds={} runs={} violations={violations}",
        calls.len(),
        kinds.count(),
        outcomes.len()
    ));
    lines
}

fn cell(runs: &[&Outcome], kind: Kind) -> String {
    let run = runs.iter().find(|outcome| outcome.run.kind == kind);
    run.map_or_else(String::new, |outcome| {
        let mark = if outcome.violations.is_empty() {
            ""
        } else {
            "! "
        };
        format!("{mark}{} {:.0}s", short(&outcome.end), outcome.seconds)
    })
}

fn short(end: &str) -> &str {
    match end {
        "ReleaseRolledBack" => "rolled back",
        other => other,
    }
}

fn row(name: &str, cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("{cell:<20}")).collect();
    format!("{name:<52}{}", cells.trim_end())
}
