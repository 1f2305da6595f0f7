#![doc = include_str!("../README.md")]

mod alter;
mod altered;
mod catalogue;
mod check;
mod column;
mod condition;
mod constraint;
mod contract;
mod dialect;
mod drops;
mod expand;
mod ignore;
mod limits;
mod mysql;
mod names;
mod other;
mod parse;
mod postgresql;
mod problem;
mod query;
mod reading;
mod reason;
mod rename;
mod report;
mod review;
mod rows;
mod rule;
mod ruled;
mod settings;
mod split;
mod sqlite;
mod stack;
mod state;
mod step;
mod unread;

pub use dialect::Dialect;
pub use limits::TEXT_MAX;
pub use problem::Problem;
pub use report::{Ignored, Report};
pub use rule::{Rule, Severity};
pub use step::Step;

/// The dangers of a text. It may run when there are none.
pub fn lint(sql: &str, dialect: Dialect, step: Step) -> Vec<Problem> {
    review(sql, dialect, step).dangers().cloned().collect()
}

/// Counts the statements of a text, and finds its problems.
pub fn review(sql: &str, dialect: Dialect, step: Step) -> Report {
    let text = split::with_plain_lines(sql, dialect);
    stack::with_room_for(&text, || review::review(&text, dialect, step))
}

#[cfg(test)]
#[path = "lib_tests.rs"]
mod tests;
