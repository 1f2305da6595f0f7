//! The labelled texts of PostgreSQL, each run on a fresh database.

use crate::cases::Case;
use crate::old::{self, Outcomes};
use crate::server::Server;
use crate::setup::Setup;
use crate::split;
use crate::text::Text;
use crate::truth::Truth;
use anyhow::{Context, Result};
use postgres::Client;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many texts run at a time.
const AT_ONCE: usize = 2;

/// What a text may leave outside of its database. Texts that do run one after the other.
const OUTSIDE: [&str; 6] = [
    " ROLE ",
    "ALTER SYSTEM",
    " DATABASE ",
    "OWNED BY app",
    "TABLESPACE",
    "PUBLICATION",
];

/// Takes back what is outside.
const TIDY: [&str; 5] = [
    "DROP DATABASE IF EXISTS shop",
    "DROP ROLE IF EXISTS reader",
    "ALTER ROLE app LOGIN",
    "ALTER ROLE app RESET ALL",
    "ALTER SYSTEM RESET ALL",
];

/// A server with a template of `schema.sql`.
pub struct Databases {
    server: Server,
    /// What the old version gets of that template.
    before: Outcomes,
}

impl Databases {
    pub fn new() -> Result<Self> {
        let server = Server::start()?;
        let mut admin = server.connect("postgres", "postgres")?;
        admin.batch_execute("CREATE ROLE app LOGIN")?;
        admin.batch_execute("CREATE DATABASE schema")?;
        let mut schema = server.connect("postgres", "schema")?;
        schema
            .batch_execute(include_str!("schema.sql"))
            .context("schema.sql")?;
        let before = old::outcomes(&server, "schema", None);
        Ok(Self { server, before })
    }

    /// Runs all cases, and says what each did, in their order.
    pub fn truths(&self, cases: &[Case]) -> Result<Vec<Truth>> {
        let outside = |case: &&(usize, &Case)| OUTSIDE.iter().any(|it| case.1.sql.contains(it));
        let numbered: Vec<_> = cases.iter().enumerate().collect();
        let (last, first): (Vec<_>, Vec<_>) = numbered.iter().partition(outside);
        let mut truths = self.work(&first, AT_ONCE)?;
        truths.extend(self.work(&last, 1)?);
        truths.sort_by_key(|(number, _)| *number);
        Ok(truths.into_iter().map(|(_, truth)| truth).collect())
    }

    fn work(&self, cases: &[&(usize, &Case)], at_once: usize) -> Result<Vec<(usize, Truth)>> {
        let next = AtomicUsize::new(0);
        let worker = || {
            let mut admin = self.server.connect("postgres", "postgres")?;
            let mut truths = Vec::new();
            while let Some((number, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                let truth = self.truth(case, &mut admin);
                let truth = truth.with_context(|| format!("{}: {}", case.id, case.sql));
                truths.push((*number, truth?));
                if at_once == 1 {
                    TIDY.iter().try_for_each(|it| admin.batch_execute(it))?;
                }
            }
            Ok(truths)
        };
        let done: Result<Vec<Vec<_>>> = thread::scope(|scope| {
            let workers: Vec<_> = (0..at_once).map(|_| scope.spawn(worker)).collect();
            let ended = workers.into_iter().map(|it| it.join());
            ended
                .map(|it| it.unwrap_or_else(|_| Err(anyhow::Error::msg("a worker died"))))
                .collect()
        });
        Ok(done?.concat())
    }

    fn truth(&self, case: &Case, admin: &mut Client) -> Result<Truth> {
        let database = format!("case_{}", case.id);
        let create = format!("CREATE DATABASE {database} TEMPLATE schema STRATEGY file_copy");
        admin.batch_execute(&create)?;
        let truth = self.run(case, &database)?;
        admin.batch_execute(&format!("DROP DATABASE {database} WITH (FORCE)"))?;
        Ok(truth)
    }

    fn run(&self, case: &Case, database: &str) -> Result<Truth> {
        let setup = Setup::of(&case.id);
        let mut watch = self.server.connect("postgres", database)?;
        watch.batch_execute(setup.statements).context("its setup")?;
        old::keep(&mut watch)?;
        let before = if setup.is_empty() {
            self.before.clone()
        } else {
            old::outcomes(&self.server, database, setup.probe)
        };
        let text = Text::new(&self.server, database, watch)?;
        let (mut truth, mut watch) = text.run(&split::statements(&case.sql))?;
        let after = old::outcomes(&self.server, database, setup.probe);
        truth.breaks = old::differences(&before, &after);
        let lost = old::lost(&mut watch);
        if lost > 0 {
            truth
                .breaks
                .push(format!("rows gone or overwritten: {lost}"));
        }
        Ok(truth)
    }
}
