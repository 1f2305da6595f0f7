//! Holds what somebody says of a text against what the database showed.

use crate::cases::Case;
use crate::truth::{Locks, Truth};
use migrations::{Dialect, Rule, Step};
use project::cases::Expect;

/// What a label, or the linter, says of a text.
#[derive(Clone, Copy)]
pub struct Said {
    /// It must not run in this step.
    danger: bool,
    /// It fails or undoes itself.
    fails: bool,
    /// It makes reads or writes wait, for longer the larger the table.
    lock: bool,
    /// Whether reads wait, too. A label does not say.
    reads: Option<bool>,
}

impl Said {
    pub fn by_label(case: &Case) -> Self {
        Self {
            danger: matches!(case.expect, Expect::Refuse | Expect::Fail),
            fails: case.expect == Expect::Fail,
            lock: case.expect == Expect::Lock,
            reads: None,
        }
    }

    /// A missing time limit says nothing about how long the statement itself takes.
    pub fn by_linter(case: &Case) -> Self {
        let report = migrations::review(&case.sql, case.dialect, case.step);
        let has = |rule| report.problems.iter().any(|problem| problem.rule == rule);
        let all = has(Rule::BlockAll);
        let lock = all || has(Rule::BlockWrites);
        let mut dangers = report.dangers().map(|problem| problem.rule).peekable();
        Self {
            danger: dangers.peek().is_some(),
            fails: dangers.peek().is_some() && dangers.all(|rule| rule == Rule::Fail),
            lock,
            reads: lock.then_some(all),
        }
    }
}

/// Where the database shows something else.
pub fn contradictions(case: &Case, truth: &Truth, said: Said) -> Vec<String> {
    if said.fails && truth.fails.is_none() {
        return vec!["it does not fail".to_owned()];
    }
    // A slip in the text or in its setup must not pass for harm.
    if let (true, false, Some(reason)) = (said.danger, said.fails, &truth.fails) {
        return vec![format!("it fails: {reason}")];
    }
    if said.danger {
        let nothing = truth.is_quiet();
        return Vec::from_iter(nothing.then(|| "it does no harm".to_owned()));
    }
    let mut found = Vec::new();
    if let Some(reason) = &truth.fails {
        found.push(format!("it fails: {reason}"));
    }
    if let (Step::Expand, Some(first)) = (case.step, truth.breaks.first()) {
        found.push(format!("the old version misses something: {first}"));
    }
    // SQLite shows none of its locks.
    if case.dialect != Dialect::Sqlite {
        found.extend(about_locks(truth, said));
    }
    found
}

fn about_locks(truth: &Truth, said: Said) -> Option<String> {
    let alone = &truth.alone;
    if !said.lock {
        let blocks = !alone.long.is_empty();
        return blocks.then(|| format!("it blocks, longer the larger the table: {}", shown(alone)));
    }
    // A tool may put the whole file into one transaction, and then a statement adds to what the next one holds.
    let locks = if alone.long.is_empty() {
        &truth.together
    } else {
        alone
    };
    if locks.long.is_empty() {
        return Some(format!("it blocks for a moment: {}", shown(alone)));
    }
    let reads = locks.long.iter().any(|it| it.mode == "AccessExclusiveLock");
    let differs = said.reads.is_some_and(|it| it != reads);
    differs.then(|| format!("its locks are others: {}", shown(locks)))
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
