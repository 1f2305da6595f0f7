//! One statement, which is no block of others.

use super::wanted::wanted;
use super::{additive, contracting, operations};
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::State;
use crate::step::Step;
use squawk_syntax::ast::Stmt;

pub(super) fn dangers(statement: &Stmt, state: &State, step: Step) -> Vec<Finding> {
    if let Stmt::AlterTable(table) = statement {
        return operations::judge(table, state, step);
    }
    match step {
        Step::Contract => contracting::judge(statement).into_iter().collect(),
        Step::Expand => additive::judge(statement, state),
    }
}

pub(super) fn waits_for_a_lock(statement: &Stmt, state: &State) -> Option<Finding> {
    let table = wanted(statement, state)?;
    let advice = if state.has_local_timeout_only() {
        "`SET LOCAL` counts only behind a BEGIN of the text: put a BEGIN in front of it, or leave LOCAL out."
    } else {
        "Put `SET lock_timeout = '5s'` in front of it, and try again if it fails."
    };
    let reason = format!(
        "it waits for its lock on {table} for as long as another transaction has one, and whatever comes after it waits \
         behind it. {advice}"
    );
    Some(Finding::new(Rule::NoLockTimeout, reason))
}
