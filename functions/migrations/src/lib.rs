#![doc = include_str!("../README.md")]

mod alter;
mod column;
mod contract;
mod created;
mod dialect;
mod expand;
mod parse;
mod problem;
mod reason;
mod rename;
mod stack;
mod step;

pub use dialect::Dialect;
pub use problem::Problem;
pub use step::Step;

use created::Created;
use expand::Expand;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many statements the text has.
    pub statements: usize,
    /// In the order of the text. It may run when there are none.
    pub problems: Vec<Problem>,
}

/// The problems of a text. It may run when there are none.
pub fn lint(sql: &str, dialect: Dialect, step: Step) -> Vec<Problem> {
    review(sql, dialect, step).problems
}

/// Counts the statements of a text, and finds its problems.
pub fn review(sql: &str, dialect: Dialect, step: Step) -> Report {
    let report = stack::with_room_for(sql, || judge_all(sql, dialect, step));
    report.flatten().unwrap_or_else(|problem| Report {
        statements: 0,
        problems: vec![problem],
    })
}

fn judge_all(sql: &str, dialect: Dialect, step: Step) -> Result<Report, Problem> {
    let text = parse::parse(sql, dialect)?;
    let mut created = Created::default();
    let mut problems = Vec::new();
    for parsed in &text.statements {
        let refusals = match (&parsed.statement, step) {
            (Err(unreadable), _) => vec![unreadable.clone()],
            (Ok(statement), Step::Expand) => Expand { created: &created }.judge(statement),
            (Ok(statement), Step::Contract) => contract::judge(statement, &created),
        };
        let refusals = refusals.iter();
        problems.extend(refusals.map(|refusal| text.problem(parsed, refusal)));
        if let Ok(statement) = &parsed.statement {
            created.remember(statement);
        }
    }
    Ok(Report {
        statements: text.statements.len(),
        problems,
    })
}

#[cfg(test)]
#[path = "lib_tests.rs"]
mod tests;
