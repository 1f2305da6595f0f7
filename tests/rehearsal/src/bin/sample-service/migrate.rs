//! `migrate SQL`: changes the database once, however often it runs.

use crate::database::{message, open};
use rusqlite::{Connection, OptionalExtension, Result};
use std::path::Path;

/// What became of a migration.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// With the table of orders as it is now.
    Migrated(String),
    AlreadyMigrated,
}

/// Migrates `file`, and reports on the standard output; an error is what the database says.
pub fn run(file: &str, sql: &str) -> Result<(), String> {
    let name = Path::new(file).file_name().unwrap_or_default();
    println!("migrating {}", name.display());
    let outcome = open(file).and_then(|connection| migrate(connection, sql));
    match outcome.map_err(|error| message(&error))? {
        Outcome::Migrated(schema) => println!("migrated: {schema}"),
        Outcome::AlreadyMigrated => println!("already migrated"),
    }
    Ok(())
}

/// Runs a text in one transaction, its own or ours. An error closes the connection, which undoes what ran of it.
fn migrate(connection: Connection, sql: &str) -> Result<Outcome> {
    connection.execute_batch("CREATE TABLE IF NOT EXISTS migrations (sql TEXT PRIMARY KEY)")?;
    if !begins_itself(sql) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
    }
    if ran_before(&connection, sql)? {
        return Ok(Outcome::AlreadyMigrated);
    }
    connection.execute_batch(sql)?;
    connection.execute("INSERT INTO migrations VALUES (?1)", [sql])?;
    if !connection.is_autocommit() {
        connection.execute_batch("COMMIT")?;
    }
    schema(&connection).map(Outcome::Migrated)
}

fn ran_before(connection: &Connection, sql: &str) -> Result<bool> {
    let mut query = connection.prepare("SELECT 1 FROM migrations WHERE sql = ?1")?;
    query.exists([sql])
}

fn begins_itself(sql: &str) -> bool {
    let mut words = sql.split(|letter: char| !letter.is_ascii_alphabetic());
    let first = words.find(|word| !word.is_empty());
    first.is_some_and(|word| word.eq_ignore_ascii_case("BEGIN"))
}

/// The text that makes the table as it is now, empty if there is none.
fn schema(connection: &Connection) -> Result<String> {
    let query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'orders'";
    let found = connection.query_row(query, [], |row| row.get(0));
    Ok(found.optional()?.unwrap_or_default())
}

#[cfg(test)]
#[path = "migrate_tests.rs"]
mod tests;
