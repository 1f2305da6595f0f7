//! The table of a sweep, for a person: a line for every call, a column for every fault.

use super::plan::Story;
use super::run::Outcome;
use crate::proxy::{Kind, Target};
use std::collections::BTreeMap;

/// Every violation, the table, and the last line.
pub fn lines(outcomes: &[Outcome]) -> Vec<String> {
    let mut lines = Vec::new();
    for outcome in outcomes {
        let told = |violation| format!("{} ({}): {violation}", outcome.run, outcome.end);
        lines.extend(outcome.violations.iter().map(told));
    }
    lines.push(row("call", &Kind::ALL.map(|kind| format!("{kind:?}"))));
    let mut calls: BTreeMap<(Story, &Target), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        let key = (outcome.run.story, &outcome.run.target);
        calls.entry(key).or_default().push(outcome);
    }
    for ((story, target), runs) in &calls {
        let cells = Kind::ALL.map(|kind| cell(runs, kind));
        lines.push(row(&format!("{story:?} {target}"), &cells));
    }
    let violations: usize = outcomes.iter().map(|it| it.violations.len()).sum();
    let kinds = Kind::ALL
        .iter()
        .filter(|kind| outcomes.iter().any(|it| it.run.kind == **kind));
    lines.push(format!(
        "faults: calls={} kinds={} runs={} violations={violations}",
        calls.len(),
        kinds.count(),
        outcomes.len()
    ));
    lines
}

fn cell(runs: &[&Outcome], kind: Kind) -> String {
    let run = runs.iter().find(|it| it.run.kind == kind);
    run.map_or_else(String::new, |it| {
        let mark = if it.violations.is_empty() { "" } else { "! " };
        format!("{mark}{} {:.0}s", short(&it.end), it.seconds)
    })
}

fn short(end: &str) -> &str {
    match end {
        "ReleaseRolledBack" => "back",
        "released" => "released",
        other => other,
    }
}

fn row(name: &str, cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("{cell:<20}")).collect();
    format!("{name:<52}{}", cells.trim_end())
}
