//! The orders, as a build knows them: its column `comment` becomes `note` over three versions.

use rusqlite::{Connection, Result, Row};
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The orders in a database, read and written as one build does it.
pub struct Orders {
    connection: Mutex<Connection>,
    columns: Columns,
}

impl Orders {
    pub fn new(connection: Connection, build: &str) -> Orders {
        Orders {
            connection: Mutex::new(connection),
            columns: Columns::of(build),
        }
    }

    /// Adds an order.
    pub fn add(&self, item: &str, note: &str) -> Result<()> {
        let added = self.lock().execute(self.columns.insert(), [item, note]);
        added.map(drop)
    }

    /// Whether anybody has ordered an item, on any build.
    pub fn includes(&self, item: &str) -> Result<bool> {
        let connection = self.lock();
        let mut query = connection.prepare("SELECT 1 FROM orders WHERE item = ?1")?;
        query.exists([item])
    }

    /// The latest orders, newest first.
    pub fn latest(&self) -> Result<Vec<Value>> {
        let connection = self.lock();
        let mut query = connection.prepare(self.columns.select())?;
        query.query_map([], order)?.collect()
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        let connection = self.connection.lock();
        connection.unwrap_or_else(PoisonError::into_inner)
    }
}

fn order(row: &Row<'_>) -> Result<Value> {
    let (id, item, note): (i64, String, Option<String>) = row.try_into()?;
    Ok(json!({"id": id, "item": item, "note": note}))
}

/// The columns that a build uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Columns {
    /// Below v2.
    Comment,
    /// v2: writes both, for the versions before it and after it.
    Both,
    /// From v3.
    Note,
}

impl Columns {
    /// A build without a version that can be read is an old one.
    fn of(build: &str) -> Columns {
        match version(build) {
            Some(2) => Columns::Both,
            Some(version) if version > 2 => Columns::Note,
            Some(_) | None => Columns::Comment,
        }
    }

    fn insert(self) -> &'static str {
        match self {
            Columns::Comment => "INSERT INTO orders (item, comment) VALUES (?1, ?2)",
            Columns::Both => "INSERT INTO orders (item, comment, note) VALUES (?1, ?2, ?2)",
            Columns::Note => "INSERT INTO orders (item, note) VALUES (?1, ?2)",
        }
    }

    fn select(self) -> &'static str {
        match self {
            Columns::Comment => "SELECT id, item, comment FROM orders ORDER BY id DESC LIMIT 3",
            Columns::Both => {
                "SELECT id, item, coalesce(note, comment) FROM orders ORDER BY id DESC LIMIT 3"
            }
            Columns::Note => "SELECT id, item, note FROM orders ORDER BY id DESC LIMIT 3",
        }
    }
}

/// The first number of `v2.0.0` or `v2.0.0-breaks-orders`.
fn version(build: &str) -> Option<u64> {
    let mut numbers = build.strip_prefix('v').unwrap_or(build).split(['.', '-']);
    numbers.next()?.parse().ok()
}

#[cfg(test)]
#[path = "orders_tests.rs"]
mod tests;
