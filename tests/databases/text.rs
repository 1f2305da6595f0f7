//! Runs one text on a database of its own, and watches it.

use crate::server::{PATIENCE, PAUSE, Server};
use crate::truth::{Locks, Truth, WHOLE_TABLE};
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
        let transactions = Vec::new();
        Ok(Self {
            server,
            database,
            runs,
            pid,
            watch,
            existing,
            transactions,
        })
    }

    /// Runs all statements, each in a transaction of its own unless the text says otherwise.
    /// The watching connection is handed back.
    pub fn run(mut self, statements: &[&str]) -> Result<(Truth, Client)> {
        let mut truth = Truth {
            together: self.together(statements)?,
            ..Truth::default()
        };
        for statement in statements {
            let open = watch::in_transaction(&mut self.watch, self.pid)?;
            let (locks, done) = if open {
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
        truth.fails = truth
            .fails
            .or_else(|| undone.then(|| "it undoes what it did".to_owned()));
        Ok((truth, watch))
    }

    /// All statements in one transaction, which is then rolled back.
    fn together(&mut self, statements: &[&str]) -> Result<Option<Locks>> {
        let mut all = Locks::default();
        if statements.len() < 2 || statements.iter().any(|it| begins_transaction(it)) {
            return Ok(None);
        }
        self.runs.batch_execute("BEGIN")?;
        let mut whole = true;
        for statement in statements {
            let (locks, done) = self.inside(statement)?;
            all.add(locks);
            let open = watch::in_transaction(&mut self.watch, self.pid)?;
            whole = whole && done.is_ok() && open;
        }
        self.forget()?;
        Ok(whole.then_some(all))
    }

    /// First in a transaction that is rolled back, so that its locks can be seen while it has them; then for real.
    fn alone(&mut self, statement: &str) -> Result<(Locks, Result<(), postgres::Error>)> {
        self.runs.batch_execute("BEGIN")?;
        let (locks, tried) = self.inside(statement)?;
        self.forget()?;
        if let Err(error) = &tried
            && error.code() == Some(&SqlState::ACTIVE_SQL_TRANSACTION)
        {
            return self.beside_writers(statement);
        }
        let done = self.runs.simple_query(statement).map(drop);
        Ok((locks, done))
    }

    /// In the transaction that is open.
    fn inside(&mut self, statement: &str) -> Result<(Locks, Result<(), postgres::Error>)> {
        let Ok(before) = watch::touched(&mut self.runs, &self.existing) else {
            let done = self.runs.simple_query(statement).map(drop);
            return Ok((Locks::default(), done));
        };
        let done = self.runs.simple_query(statement).map(drop);
        let open = watch::in_transaction(&mut self.watch, self.pid)?;
        if done.is_err() || !open {
            return Ok((Locks::default(), done));
        }
        let held = watch::held(&mut self.watch, self.pid, &self.existing)?;
        let touched = watch::touched(&mut self.runs, &self.existing)? - before;
        let rewritten = rewritten(&watch::relations(&mut self.runs)?, &self.existing);
        let long = if touched >= WHOLE_TABLE {
            held.clone()
        } else {
            BTreeSet::new()
        };
        Ok((
            Locks {
                held,
                long,
                rewritten,
            },
            done,
        ))
    }

    /// Ends a trial: nothing of it is left, not even what a rollback keeps.
    fn forget(&mut self) -> Result<()> {
        self.runs.batch_execute("ROLLBACK")?;
        Ok(self.runs.batch_execute("DEALLOCATE ALL")?)
    }

    /// Remembers the transaction that is open, if it has written anything.
    fn note_transaction(&mut self) -> Result<()> {
        if watch::in_transaction(&mut self.watch, self.pid)? {
            let ask = "SELECT pg_current_xact_id_if_assigned()::text";
            let id = self
                .runs
                .query_one(ask, &[])
                .ok()
                .and_then(|row| row.get(0));
            self.transactions.extend(id);
        }
        Ok(())
    }

    /// Leaves, as a tool does at the end of its file; gives whether a transaction that wrote anything came to nothing.
    fn leave(self) -> Result<(bool, Client)> {
        let Self {
            runs,
            mut watch,
            pid,
            transactions,
            ..
        } = self;
        drop(runs);
        let begun = Instant::now();
        while watch::is_there(&mut watch, pid)? {
            ensure!(
                begun.elapsed() < PATIENCE,
                "the server keeps a connection that has ended"
            );
            thread::sleep(PAUSE);
        }
        let mut undone = false;
        for id in transactions {
            let row =
                watch.query_one(&format!("SELECT pg_xact_status('{id}') = 'aborted'"), &[])?;
            undone = undone || row.get::<_, Option<bool>>(0) == Some(true);
        }
        Ok((undone, watch))
    }
}

/// Which of the tables and indexes that were there have another file now.
pub fn rewritten(
    now: &BTreeMap<i64, Relation>,
    before: &BTreeMap<i64, Relation>,
) -> BTreeSet<String> {
    let pairs = before
        .iter()
        .filter_map(|(id, was)| Some((was, now.get(id)?)));
    let changed = pairs.filter(|(was, now)| was.file != now.file);
    changed.map(|(was, _)| was.name.clone()).collect()
}

/// The error's code and message.
fn said(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(
        || error.to_string(),
        |it| format!("{} {}", it.code().code(), it.message()),
    )
}

/// Whether a statement begins a transaction: then the text itself says what it puts together.
fn begins_transaction(statement: &str) -> bool {
    let word = statement.split_whitespace().next().unwrap_or_default();
    word.eq_ignore_ascii_case("BEGIN") || word.eq_ignore_ascii_case("START")
}
