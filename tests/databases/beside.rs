//! Watches a statement that cannot run in a transaction.

use crate::server::{PAUSE, Server};
use crate::statement::{Done, execute};
use crate::text::Text;
use crate::truth::Locks;
use crate::watch::{self, Waits};
use anyhow::{Result, anyhow};
use postgres::Client;
use std::collections::BTreeSet;
use std::thread;

impl Text<'_> {
    /// A neighbour is about to write to every table, so a lock that would make writes wait is requested and not
    /// granted, and is seen. A statement that ends beside the neighbour has taken none.
    ///
    /// Where the statement waits for the neighbour's end instead, the next one begins before the last one ends. None
    /// outlives the scope: an error in it must not leave the statement waiting.
    pub fn beside_neighbours(&mut self, statement: &str) -> Result<(Locks, Done)> {
        let before = watch::touched(&mut self.watch, watch::ENDED, &self.existing)?;
        let first = Neighbour::new(self.server, self.database, &mut self.watch)?;
        let mut held = BTreeSet::new();
        let done = thread::scope(|scope| {
            let mut neighbour = first;
            let runs = &mut self.runs;
            let running = scope.spawn(move || execute(runs, statement));
            while !running.is_finished() {
                match watch::waits(&mut self.watch, self.pid, neighbour.pid)? {
                    Waits::Table => {
                        held = watch::held(&mut self.watch, self.pid, &self.existing)?;
                        break;
                    }
                    Waits::Transaction => {
                        let next = Neighbour::new(self.server, self.database, &mut self.watch)?;
                        // Its end is certain before the next look: until then the statement would seem to wait on.
                        neighbour.client.batch_execute("COMMIT")?;
                        neighbour = next;
                    }
                    Waits::No => thread::sleep(PAUSE),
                }
            }
            drop(neighbour);
            let ended = running.join();
            ended.map_err(|_| anyhow!("the statement's thread ended"))?
        })?;
        self.runs
            .batch_execute("SELECT pg_stat_force_next_flush()")?;
        self.runs.batch_execute("SELECT 1")?;
        let rows = watch::touched(&mut self.watch, watch::ENDED, &self.existing)? - before;
        let rewrites = watch::rewrites(&watch::relations(&mut self.watch)?, &self.existing);
        Ok((Locks::new(held, rows, rewrites), done))
    }
}

/// A transaction that is about to write to every table: it has ROW EXCLUSIVE on each, and on its indexes. It keeps its
/// snapshot, since the end of an index's building waits for those who have an old one.
struct Neighbour {
    client: Client,
    pid: i32,
}

impl Neighbour {
    fn new(server: &Server, database: &str, watch: &mut Client) -> Result<Self> {
        let mut client = server.connect("postgres", database)?;
        let pid = client.query_one("SELECT pg_backend_pid()", &[])?.get(0);
        client
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_current_xact_id()")?;
        for relation in watch::relations(watch)?.values() {
            let what = match relation.kind.as_str() {
                "r" | "p" => "DELETE",
                "m" => "SELECT",
                _ => continue,
            };
            client.batch_execute(&format!("EXPLAIN {what} FROM {}", relation.name))?;
        }
        Ok(Self { client, pid })
    }
}
