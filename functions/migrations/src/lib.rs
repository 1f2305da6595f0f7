//! Whether a migration may run while two versions of a service use one database.
//!
//! A release expands the schema before traffic moves, with both versions running, and contracts it once the old code
//! is gone. [`Step::Expand`] admits only what is known to be additive; [`Step::Contract`] admits whatever can be read,
//! but no rename: that is an expansion and a contraction in one step.
//!
//! The SQL alone is judged, without the database behind it. So these are not seen:
//! - what a function, a `CALL`, a `CHECK` or a default does: `CHECK (note IS NOT NULL)` on an added column passes;
//! - that a foreign key of a new table keeps the old version from deleting the rows it points to;
//! - that an upsert (`ON CONFLICT`) needs the constraint that a `DROP CONSTRAINT` takes away;
//! - how long a lock is held: PostgreSQL's `CREATE INDEX` without `CONCURRENTLY` stops all writes until it is done;
//! - MariaDB's own executable comments, `/*M! ... */` (MySQL's `/*! ... */` are judged like any other text);
//! - settings that change how a string is read, such as MySQL's `NO_BACKSLASH_ESCAPES`.
//!
//! The parser does not know every statement. What it cannot read is refused with its message, and has to be run as a
//! command:
//! - PostgreSQL: `DO`, `ALTER SEQUENCE`, `ALTER DOMAIN`, `ALTER TABLE ... SET SCHEMA`, a column's `SET STATISTICS`,
//!   `DROP IDENTITY` and `DROP EXPRESSION`, `CREATE TABLE (LIKE ... INCLUDING ALL)`, `CREATE STATISTICS`,
//!   `CREATE PUBLICATION`, `DROP INDEX CONCURRENTLY`, `REINDEX`, `CLUSTER`, `VACUUM` with options;
//! - MySQL: `ADD COLUMN (a ..., b ...)`, `RENAME INDEX`, `DROP KEY`, `DROP CHECK`, `ALTER INDEX`, `CONVERT TO`,
//!   `ENGINE = ...` of an `ALTER TABLE`, clauses about partitions, `CREATE FULLTEXT INDEX` (though `ALTER TABLE ... ADD
//!   FULLTEXT INDEX` is read), `INSERT ... SELECT 1 ON DUPLICATE KEY UPDATE` without a `FROM`, procedures, triggers,
//!   `DELIMITER`, `LOAD DATA`;
//! - SQLite: a `PRAGMA` whose value is a word, such as `journal_mode = WAL`, and `REINDEX`.

mod alter;
mod column;
mod contract;
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

use expand::Expand;
use parse::Parsed;
use sqlparser::ast::Statement;
use std::collections::HashSet;

/// The tables that were created earlier in the same text: no running version knows them, so they may change freely.
///
/// A name counts only as it was written, since each database has rules of its own for what names the same table.
type Created = HashSet<String>;

/// What became of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub statements: usize,
    pub problems: Vec<Problem>,
}

/// The problems of a text; it may run when there are none.
pub fn lint(sql: &str, dialect: Dialect, step: Step) -> Vec<Problem> {
    review(sql, dialect, step).problems
}

/// Counts the statements of a text, and finds its problems.
pub fn review(sql: &str, dialect: Dialect, step: Step) -> Report {
    let judged = stack::with_room_for(sql, || judge_all(sql, dialect, step));
    judged.unwrap_or_else(Err).unwrap_or_else(|problem| Report {
        statements: 0,
        problems: vec![problem],
    })
}

fn judge_all(sql: &str, dialect: Dialect, step: Step) -> Result<Report, Problem> {
    let parsed = parse::parse(sql, dialect)?;
    let mut created = Created::new();
    let mut problems = Vec::new();
    for found in &parsed {
        let reasons = judge(found, step, &created);
        problems.extend(reasons.into_iter().map(|reason| found.problem(reason)));
        if let Ok(statement) = &found.statement {
            remember(statement, &mut created);
        }
    }
    Ok(Report {
        statements: parsed.len(),
        problems,
    })
}

fn judge(found: &Parsed, step: Step, created: &Created) -> Vec<String> {
    match (&found.statement, step) {
        (Err(message), _) => vec![parse::unreadable(message)],
        (Ok(statement), Step::Expand) => Expand { created }.judge(statement),
        (Ok(statement), Step::Contract) => contract::judge(statement, created),
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "only two of more than a hundred kinds change what is known"
)]
fn remember(statement: &Statement, created: &mut Created) {
    match statement {
        // With IF NOT EXISTS the table may be an old one.
        Statement::CreateTable(table) if !table.if_not_exists => {
            created.insert(table.name.to_string());
        }
        // It may set the search path, and then a name means another table.
        Statement::Set(_) => created.clear(),
        _ => {}
    }
}

#[cfg(test)]
#[path = "lib_tests.rs"]
mod tests;
