//! Watches a statement that cannot run in a transaction.

use crate::server::{PATIENCE, PAUSE, Server};
use crate::text::{Text, rewritten};
use crate::truth::{Locks, WHOLE_TABLE};
use crate::watch::{self, Waits};
use anyhow::Result;
use postgres::Client;
use std::collections::BTreeSet;
use std::thread;
use std::time::Instant;

impl Text<'_> {
    /// For what cannot run in a transaction: a writer has every table open, so a lock that would make writes wait is
    /// asked for and not given, and is seen. A statement that ends beside the writer has taken none.
    ///
    /// Where the statement waits for the writer's end instead, the next writer begins before the last one ends.
    pub fn beside_writers(
        &mut self,
        statement: &str,
    ) -> Result<(Locks, Result<(), postgres::Error>)> {
        let before = watch::touched_by_all(&mut self.watch, &self.existing)?;
        let (mut writer, mut held) = (Some(self.writer()?), BTreeSet::new());
        let pid = self.pid;
        let done = thread::scope(|scope| {
            let runs = &mut self.runs;
            let running = scope.spawn(move || runs.simple_query(statement).map(drop));
            let begun = Instant::now();
            while !running.is_finished() {
                if begun.elapsed() > PATIENCE {
                    writer = None;
                }
                match watch::waits(&mut self.watch, pid)? {
                    Waits::Table => {
                        held.extend(watch::held(&mut self.watch, pid, &self.existing)?);
                        writer = None;
                    }
                    Waits::Transaction if writer.is_some() => {
                        let next = writer_of(self.server, self.database, &mut self.watch)?;
                        // Its end is certain before the next look: until then the statement would seem to wait on.
                        if let Some(mut last) = writer.replace(next) {
                            last.batch_execute("COMMIT")?;
                        }
                    }
                    Waits::Transaction | Waits::No => thread::sleep(PAUSE),
                }
            }
            anyhow::Ok(
                running
                    .join()
                    .map_err(|_| anyhow::Error::msg("the statement's thread ended")),
            )
        })??;
        drop(writer);
        self.runs
            .batch_execute("SELECT pg_stat_force_next_flush()")?;
        self.runs.batch_execute("SELECT 1")?;
        let touched = watch::touched_by_all(&mut self.watch, &self.existing)? - before;
        let rewritten = rewritten(&watch::relations(&mut self.watch)?, &self.existing);
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

    fn writer(&mut self) -> Result<Client> {
        writer_of(self.server, self.database, &mut self.watch)
    }
}

/// A transaction that is about to write to every table: it has ROW EXCLUSIVE on each, and on its indexes.
fn writer_of(server: &Server, database: &str, watch: &mut Client) -> Result<Client> {
    let mut writer = server.connect("postgres", database)?;
    writer.batch_execute("SET lock_timeout = '60s'")?;
    writer.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id()")?;
    for relation in watch::relations(watch)?.values() {
        match relation.kind.as_str() {
            "r" | "p" => writer.batch_execute(&format!("EXPLAIN DELETE FROM {}", relation.name))?,
            "m" => writer.batch_execute(&format!("EXPLAIN SELECT FROM {}", relation.name))?,
            _ => {}
        }
    }
    Ok(writer)
}
