//! The labelled texts of SQLite, each run on a database of its own.

use crate::cases::Case;
use crate::old::{self, Outcomes};
use crate::setup::Setup;
use crate::truth::Truth;
use anyhow::{Context, Result};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// What SQLite does with a case. It has one lock for all tables, and nothing to be read of it.
pub fn truth(case: &Case) -> Result<Truth> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sqlite-{}", case.id));
    // A run that was cut short leaves the file, and perhaps a journal that would count for the next one.
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder)?;
    let truth = run(case, &folder.join("file"));
    let truth = truth.with_context(|| format!("{}: {}", case.id, case.sql))?;
    fs::remove_dir_all(&folder)?;
    Ok(truth)
}

fn run(case: &Case, file: &Path) -> Result<Truth> {
    let setup = Setup::of(&case.id);
    let runs = open(file)?;
    runs.execute_batch("PRAGMA synchronous = OFF")?;
    runs.execute_batch(include_str!("schema-sqlite.sql"))?;
    runs.execute_batch(setup.statements).context("its setup")?;
    let keep = "CREATE TEMP TABLE kept AS SELECT id, tag FROM parcels";
    runs.execute_batch(keep).ok();
    let before = outcomes(file, setup.probe)?;
    let done = runs.execute_batch(&case.sql);
    let mut fails = done.err().map(|error| error.to_string());
    if !runs.is_autocommit() {
        fails = fails.or_else(|| Some("it undoes what it did".to_owned()));
        runs.execute_batch("ROLLBACK")?;
    }
    let mut breaks = old::differences(&before, &outcomes(file, setup.probe)?);
    let lost = "SELECT count(*) FROM temp.kept k LEFT JOIN main.parcels p USING (id) \
        WHERE p.id IS NULL OR k.tag IS NOT NULL AND p.tag IS NOT k.tag";
    let lost: i64 = runs.query_row(lost, [], |row| row.get(0)).unwrap_or(0);
    if lost > 0 {
        breaks.push(format!("rows gone or overwritten: {lost}"));
    }
    Ok(Truth {
        fails,
        breaks,
        ..Truth::default()
    })
}

/// It waits for nobody: who has the file locked keeps the old version out.
fn open(file: &Path) -> Result<Connection> {
    let database = Connection::open(file)?;
    database.busy_timeout(Duration::ZERO)?;
    Ok(database)
}

/// What the old version gets on a connection of its own, while that of the text is open.
fn outcomes(file: &Path, more: Option<&str>) -> Result<Outcomes> {
    let database = open(file)?;
    let outcomes = old::probes(more).map(|it| (it.to_owned(), outcome(&database, it)));
    Ok(outcomes.collect())
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
