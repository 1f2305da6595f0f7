//! The labelled texts of SQLite, each run on a database of its own in memory.

use crate::cases::Case;
use crate::old::{self, Outcomes};
use crate::setup::Setup;
use crate::truth::Truth;
use anyhow::{Context, Result};
use rusqlite::Connection;

/// What SQLite says of a case. It has one lock for all tables, and nothing to be read of it.
pub fn truth(case: &Case) -> Result<Truth> {
    let setup = Setup::of(&case.id);
    let database = Connection::open_in_memory()?;
    database.execute_batch(include_str!("schema-sqlite.sql"))?;
    database
        .execute_batch(setup.statements)
        .with_context(|| format!("the setup of {}", case.id))?;
    database
        .execute_batch("CREATE TEMP TABLE kept AS SELECT id, tag FROM parcels")
        .ok();
    let before = outcomes(&database, setup.probe);
    let mut fails = database
        .execute_batch(&case.sql)
        .err()
        .map(|error| error.to_string());
    if fails.is_none() && !database.is_autocommit() {
        fails = Some("it undoes what it did".to_owned());
    }
    if !database.is_autocommit() {
        database.execute_batch("ROLLBACK")?;
    }
    let mut breaks = old::differences(&before, &outcomes(&database, setup.probe));
    let lost = "SELECT count(*) FROM temp.kept k LEFT JOIN main.parcels p USING (id) \
        WHERE p.id IS NULL OR k.tag IS NOT NULL AND p.tag IS NOT k.tag";
    let lost: i64 = database.query_row(lost, [], |row| row.get(0)).unwrap_or(0);
    if lost > 0 {
        breaks.push(format!("rows gone or overwritten: {lost}"));
    }
    Ok(Truth {
        fails,
        breaks,
        ..Truth::default()
    })
}

fn outcomes(database: &Connection, more: Option<&str>) -> Outcomes {
    old::probes(more)
        .map(|it| (it.to_owned(), outcome(database, it)))
        .collect()
}

fn outcome(database: &Connection, statement: &str) -> String {
    let said = database
        .execute_batch("SAVEPOINT probe")
        .and_then(|()| rows(database, statement));
    let said = said.map_or_else(|error| error.to_string(), |rows| format!("{rows} rows"));
    let undone = database.execute_batch("ROLLBACK TO probe; RELEASE probe");
    undone.map_or_else(|error| error.to_string(), |()| said)
}

/// How many rows a statement gets, or changes.
fn rows(database: &Connection, statement: &str) -> rusqlite::Result<usize> {
    let mut prepared = database.prepare(statement)?;
    if prepared.column_count() == 0 {
        return prepared.execute([]);
    }
    let (mut rows, mut count) = (prepared.query([])?, 0);
    while rows.next()?.is_some() {
        count += 1;
    }
    Ok(count)
}
