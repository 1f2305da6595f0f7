//! Texts that drop a table where one reader sees it and another may not: in what looks like a string, a comment or a
//! body. Where the database has lost its table after a text, the linter must have refused the text.
//!
//! The texts are put together at random, but the same in every run: `SEED` is what they grow from.

use crate::server::Server;
use anyhow::{Context, Result, ensure};
use migrations::{Dialect, Step, review};
use postgres::Client;
use rusqlite::Connection;

const SEED: u64 = 19;

/// What must not be hidden.
const DROP: &str = "DROP TABLE parcels";

/// What hides it, or seems to.
const PARTS: &[&str] = &[
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "/*",
    "*/",
    "/*!50000",
    "--",
    "-- ",
    "#",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{85}",
    " ",
    ";",
    ";",
    ";",
    "\\",
    "\\'",
    "E'",
    "e'\\'",
    "U&'",
    "N'",
    "X'",
    "B'",
    "$$",
    "$a$",
    "$a",
    "$1",
    "a$$",
    "é$$",
    "$é$",
    "(",
    ")",
    "BEGIN",
    "BEGIN;",
    "END",
    "END;",
    "COMMIT;",
    "ATOMIC",
    "CASE",
    "DELIMITER $$",
    "SELECT 1",
    "SELECT '",
    "SELECT \"",
    "SELECT 1 AS ",
    "SELECT $$",
    "SELECT E'\\'",
    "AS",
    "x",
    "1",
    ",",
    "VALUES (1)",
    "INSERT INTO notes VALUES (1)",
    "CREATE TABLE made (id int)",
    "CREATE VIEW seen AS SELECT 1",
    "CREATE TRIGGER t AFTER INSERT ON notes BEGIN SELECT 1; END",
    "CREATE TRIGGER t AFTER INSERT ON notes BEGIN ",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END",
    "CREATE FUNCTION f() RETURNS int RETURN 1",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
    "CREATE RULE r AS ON INSERT TO notes DO (SELECT 1;",
    "DO $$ BEGIN ",
    "SET standard_conforming_strings = off;",
    "EXPLAIN ",
    "EXPLAIN ANALYZE ",
    "PREPARE p AS ",
    "EXECUTE p",
    "COMMENT ON TABLE notes IS '",
    "-- lint-migration: ignore drop",
    "DROP TABLE",
    "parcels",
    "drop/**/table",
];

/// Numbers that look random: SplitMix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let limit = u64::try_from(limit).unwrap_or(1);
        usize::try_from((mixed ^ (mixed >> 31)) % limit).unwrap_or_default()
    }

    fn part(&mut self) -> &'static str {
        PARTS[self.below(PARTS.len())]
    }

    /// Some parts, the drop as its own statement or in the midst of them, and some more.
    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(5) {
            text.push_str(self.part());
            text.push_str(["", "", " "][self.below(3)]);
        }
        text.push_str(["", ";", ";", "\n"][self.below(4)]);
        text.push_str(DROP);
        text.push_str(["", ";", "\n", " "][self.below(4)]);
        for _ in 0..self.below(4) {
            text.push_str(self.part());
        }
        text
    }
}

/// How many texts lost the table, and those of them that the linter lets pass.
fn hidden(
    dialect: Dialect,
    count: usize,
    mut drops: impl FnMut(&str) -> Result<bool>,
) -> Result<(usize, Vec<String>)> {
    let (mut numbers, mut lost, mut passed) = (Numbers(SEED), 0, Vec::new());
    for _ in 0..count {
        let text = numbers.text();
        let is_dropped = drops(&text).with_context(|| text.escape_debug().to_string())?;
        lost += usize::from(is_dropped);
        if is_dropped
            && review(&text, dialect, Step::Expand)
                .dangers()
                .next()
                .is_none()
        {
            passed.push(text.escape_debug().to_string());
        }
    }
    ensure!(
        lost * 20 > count,
        "only {lost} of {count} texts drop the table"
    );
    Ok((lost, passed))
}

/// Whether SQLite has no table `parcels` after a text, which ends where it fails.
fn dropped_from_sqlite(text: &str) -> Result<bool> {
    let database = Connection::open_in_memory()?;
    database.execute_batch("CREATE TABLE parcels (id int); CREATE TABLE notes (id int)")?;
    database.execute_batch(text).ok();
    let count = "SELECT count(*) FROM sqlite_master WHERE name = 'parcels'";
    let count: i64 = database.query_row(count, [], |row| row.get(0))?;
    Ok(count == 0)
}

/// The same of PostgreSQL, which undoes a text that fails; the tables are made anew where something may have changed.
fn dropped_from_postgresql(server: &mut Client, text: &str) -> Result<bool> {
    let done = server.batch_execute(text).is_ok();
    // What a text left open is done, where it can be.
    server.batch_execute("COMMIT").ok();
    // A text that fails may have changed the session before: no setting of it may reach the next one.
    server.batch_execute("DISCARD ALL")?;
    let row = server.query_one("SELECT to_regclass('public.parcels') IS NULL", &[])?;
    let is_dropped = row.get(0);
    let commits = text.contains("COMMIT") || text.contains("END");
    if done || is_dropped || commits {
        make(server)?;
    }
    Ok(is_dropped)
}

fn make(server: &mut Client) -> Result<()> {
    let make = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE parcels (id int); \
                CREATE TABLE notes (id int)";
    for statement in make.split("; ") {
        server.batch_execute(statement)?;
    }
    Ok(())
}

#[test]
fn no_text_that_drops_a_table_of_sqlite_passes() {
    let (lost, passed) =
        hidden(Dialect::Sqlite, 4_000, dropped_from_sqlite).expect("SQLite answers");
    println!("hidden: sqlite={lost}");
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}

#[test]
fn no_text_that_drops_a_table_of_postgresql_passes() {
    let server = Server::start().expect("a server");
    let mut client = server
        .connect("postgres", "postgres")
        .expect("a connection");
    make(&mut client).expect("tables");
    let drops = |text: &str| dropped_from_postgresql(&mut client, text);
    let (lost, passed) = hidden(Dialect::Postgresql, 4_000, drops).expect("PostgreSQL answers");
    println!("hidden: postgresql={lost}");
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}
