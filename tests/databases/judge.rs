//! Holds what somebody says of a text against what the database showed.

use crate::cases::{Case, Expect};
use crate::truth::{Locks, Truth};
use migrations::{Dialect, Rule, Step};

/// What a label, or the linter, says of a text.
#[derive(Clone, Copy)]
pub struct Said {
    /// It must not run in this step.
    pub danger: bool,
    /// It makes reads or writes wait, for longer the larger the table.
    pub lock: bool,
}

impl Said {
    pub fn by_label(case: &Case) -> Self {
        let danger = matches!(case.expect, Expect::Refuse | Expect::Fail);
        Self {
            danger,
            lock: case.expect == Expect::Lock,
        }
    }

    /// A missing time limit says nothing about how long the statement itself takes.
    pub fn by_linter(case: &Case) -> Self {
        let report = migrations::review(&case.sql, case.dialect, case.step);
        let lock = report
            .locks()
            .any(|problem| problem.rule != Rule::NoLockTimeout);
        Self {
            danger: report.dangers().next().is_some(),
            lock,
        }
    }
}

/// Where the database shows something else. What is refused may do what it likes.
pub fn contradictions(case: &Case, truth: &Truth, said: Said) -> Vec<String> {
    let mut found = Vec::new();
    if said.danger {
        return found;
    }
    if let Some(reason) = &truth.fails {
        found.push(format!("it fails: {reason}"));
    }
    if let (Step::Expand, Some(first)) = (case.step, truth.breaks.first()) {
        found.push(format!("the old version misses something: {first}"));
    }
    if !said.lock && !truth.alone.long.is_empty() {
        found.push(format!(
            "it blocks a table, longer the larger it is: {}",
            shown(&truth.alone)
        ));
    }
    // SQLite shows none of its locks.
    if case.dialect == Dialect::Sqlite {
        return found;
    }
    let together = truth
        .together
        .as_ref()
        .is_some_and(|it| !it.long.is_empty());
    if said.lock && truth.alone.long.is_empty() && !together {
        found.push(format!(
            "no table that it blocks is read or written as a whole; it held {}",
            shown(&truth.alone)
        ));
    }
    found
}

/// The locks that lasted, or else those that were held at all.
fn shown(locks: &Locks) -> String {
    let them = if locks.long.is_empty() {
        &locks.held
    } else {
        &locks.long
    };
    let words = them.iter().map(|it| format!("{} in {}", it.table, it.mode));
    let words: Vec<_> = words.collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join(", ")
    }
}
