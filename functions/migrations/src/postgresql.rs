//! PostgreSQL's statements as its own grammar has them: what the other parser does not know is judged here, and so is
//! what a statement locks.

mod added;
mod additive;
mod alter;
mod blocks;
mod body;
mod calls;
mod changes;
mod columns;
mod contracting;
mod locks;
mod names;
mod operations;
mod outside;
mod reasons;
mod rules;
mod single;
mod tables;
mod tree;
mod wanted;

pub(crate) use calls::calls;
pub(crate) use changes::{boundary, remember};
pub(crate) use outside::fails_in_a_transaction;
pub(crate) use tree::Tree;

use crate::problem::Finding;
use crate::state::State;
use crate::step::Step;
use squawk_syntax::ast::Stmt;

/// What is dangerous about a statement that the other parser cannot judge.
pub(crate) fn dangers(statement: &Stmt, state: &State, step: Step) -> Vec<Finding> {
    if let Stmt::Do(block) = statement {
        return body::dangers(block, state, step);
    }
    single::dangers(statement, state, step)
}

/// What waits while a statement runs.
pub(crate) fn locks(statement: &Stmt, state: &State) -> Vec<Finding> {
    if let Stmt::Do(block) = statement {
        return body::locks(block, state);
    }
    locks::judge(statement, state)
}

/// What waits for a lock for as long as it takes, and makes all others wait behind it.
pub(crate) fn waits_for_a_lock(statement: &Stmt, state: &State) -> Option<Finding> {
    if let Stmt::Do(block) = statement {
        return body::waits(block, state);
    }
    single::waits_for_a_lock(statement, state)
}

#[cfg(test)]
#[path = "postgresql/tests.rs"]
mod tests;

#[cfg(test)]
#[path = "postgresql/both_tests.rs"]
mod both_tests;

#[cfg(test)]
#[path = "postgresql/calls_tests.rs"]
mod calls_tests;

#[cfg(test)]
#[path = "postgresql/wanted_tests.rs"]
mod wanted_tests;
