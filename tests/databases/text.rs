//! Runs one text on a database of its own, and watches it.

use crate::server::{PATIENCE, PAUSE, Server};
use crate::statement::{Done, begins_transaction, execute, said};
use crate::truth::{Locks, Truth};
use crate::watch::{self, Relation};
use anyhow::{Result, ensure};
use postgres::Client;
use postgres::error::SqlState;
use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Instant;

/// The connection that runs the text, and the one that watches it.
pub struct Text<'a> {
    pub server: &'a Server,
    pub database: &'a str,
    pub runs: Client,
    pub pid: i32,
    pub watch: Client,
    /// What there was before the text.
    pub existing: BTreeMap<i64, Relation>,
    /// The transactions of the text that wrote anything.
    transactions: Vec<String>,
}

impl<'a> Text<'a> {
    /// Nothing of it has run yet; `watch` is a connection to the same database.
    pub fn new(server: &'a Server, database: &'a str, mut watch: Client) -> Result<Self> {
        let mut runs = server.connect("postgres", database)?;
        let pid = runs.query_one("SELECT pg_backend_pid()", &[])?.get(0);
        let existing = watch::relations(&mut watch)?;
        Ok(Self {
            server,
            database,
            runs,
            pid,
            watch,
            existing,
            transactions: Vec::new(),
        })
    }

    /// Runs all statements, each in a transaction of its own unless the text says otherwise. The watching connection is
    /// handed back.
    ///
    /// # Errors
    /// The server ended a statement because it took too long, or a connection broke. What it refuses is no error.
    pub fn run(mut self, statements: &[&str]) -> Result<(Truth, Client)> {
        let mut truth = Truth {
            together: self.together(statements)?,
            ..Truth::default()
        };
        for statement in statements {
            let (locks, done) = if self.in_transaction()? {
                self.inside(statement)?
            } else {
                self.alone(statement)?
            };
            truth.alone.add(locks);
            if let Err(error) = done {
                truth.fails = Some(said(&error));
                break;
            }
            self.note_transaction()?;
        }
        let (undone, watch) = self.leave()?;
        if undone && truth.fails.is_none() {
            truth.fails = Some("it undoes what it did".to_owned());
        }
        Ok((truth, watch))
    }

    /// All statements in one transaction, which is then rolled back.
    fn together(&mut self, statements: &[&str]) -> Result<Locks> {
        let mut all = Locks::default();
        if statements.len() < 2 || statements.iter().any(|it| begins_transaction(it)) {
            return Ok(all);
        }
        self.runs.batch_execute("BEGIN")?;
        let mut whole = true;
        for statement in statements {
            let (locks, done) = self.inside(statement)?;
            all.add(locks);
            whole = whole && done.is_ok() && self.in_transaction()?;
        }
        self.forget(&BTreeSet::new())?;
        Ok(if whole { all } else { Locks::default() })
    }

    /// First in a transaction that is rolled back, so that its locks can be seen while it has them; then for real.
    fn alone(&mut self, statement: &str) -> Result<(Locks, Done)> {
        let prepared = watch::prepared(&mut self.runs)?;
        self.runs.batch_execute("BEGIN")?;
        let (locks, tried) = self.inside(statement)?;
        self.forget(&prepared)?;
        if let Err(error) = &tried
            && error.code() == Some(&SqlState::ACTIVE_SQL_TRANSACTION)
        {
            return self.beside_neighbours(statement);
        }
        Ok((locks, execute(&mut self.runs, statement)?))
    }

    /// In the transaction that is open. Nothing is seen of one that has failed or ends with the statement.
    fn inside(&mut self, statement: &str) -> Result<(Locks, Done)> {
        let before = watch::touched(&mut self.runs, watch::OWN, &self.existing);
        let done = execute(&mut self.runs, statement)?;
        let (Ok(before), Ok(()), true) = (before, &done, self.in_transaction()?) else {
            return Ok((Locks::default(), done));
        };
        let held = watch::held(&mut self.watch, self.pid, &self.existing)?;
        let rows = watch::touched(&mut self.runs, watch::OWN, &self.existing)? - before;
        let rewrites = watch::rewrites(&watch::relations(&mut self.runs)?, &self.existing);
        Ok((Locks::new(held, rows, rewrites), done))
    }

    fn in_transaction(&mut self) -> Result<bool> {
        watch::in_transaction(&mut self.watch, self.pid)
    }

    /// Ends a trial: nothing of it is left, not even what it prepared beside these, which a rollback keeps.
    fn forget(&mut self, prepared: &BTreeSet<String>) -> Result<()> {
        self.runs.batch_execute("ROLLBACK")?;
        for name in watch::prepared(&mut self.runs)?.difference(prepared) {
            self.runs.batch_execute(&format!("DEALLOCATE \"{name}\""))?;
        }
        Ok(())
    }

    /// Remembers the transaction that is open, if it has written anything.
    fn note_transaction(&mut self) -> Result<()> {
        if self.in_transaction()? {
            let id = "SELECT pg_current_xact_id_if_assigned()::text";
            let row = self.runs.query_one(id, &[]).ok();
            self.transactions.extend(row.and_then(|row| row.get(0)));
        }
        Ok(())
    }

    /// Leaves, as a tool does at the end of its file; gives whether a transaction that wrote anything came to nothing.
    fn leave(self) -> Result<(bool, Client)> {
        let (pid, mut watch) = (self.pid, self.watch);
        drop(self.runs);
        let begun = Instant::now();
        while watch::is_there(&mut watch, pid)? {
            let patient = begun.elapsed() < PATIENCE;
            ensure!(patient, "the server keeps a connection that has ended");
            thread::sleep(PAUSE);
        }
        let mut undone = false;
        for id in self.transactions {
            let status = format!("SELECT pg_xact_status('{id}') = 'aborted'");
            undone |= watch.query_one(&status, &[])?.get::<_, Option<bool>>(0) == Some(true);
        }
        Ok((undone, watch))
    }
}
