//! The old version: what it does, and whether it can do it as before.

use crate::server::Server;
use anyhow::Result;
use postgres::{Client, SimpleQueryMessage};

/// How errors begin that say that something is not there, in PostgreSQL and in SQLite: what never worked cannot break.
const MISSING: [&str; 2] = ["42", "no such "];

/// What the old version's role gets of each statement: how many rows, or the error's code.
pub type Outcomes = Vec<(String, String)>;

/// The statements of the old version, with what a case adds.
pub fn probes(more: Option<&str>) -> impl Iterator<Item = &str> {
    let statements = include_str!("probes.sql").lines();
    statements
        .filter(|line| !line.starts_with("--"))
        .chain(more)
}

/// Does everything that the old version does, and undoes it.
pub fn outcomes(server: &Server, database: &str, more: Option<&str>) -> Outcomes {
    let mut client = match server.connect("app", database) {
        Ok(client) => client,
        Err(error) => return vec![("connect".to_owned(), code(&error))],
    };
    let connected = ("connect".to_owned(), "ok".to_owned());
    let done = probes(more).map(|it| (it.to_owned(), outcome(&mut client, it)));
    [connected].into_iter().chain(done).collect()
}

fn outcome(client: &mut Client, statement: &str) -> String {
    let said = match client.simple_query(&format!("BEGIN; {statement}")) {
        Ok(messages) => format!("{} rows", rows(&messages)),
        Err(error) => code(&error),
    };
    client
        .simple_query("ROLLBACK")
        .map_or_else(|error| code(&error), |_| said)
}

fn rows(messages: &[SimpleQueryMessage]) -> u64 {
    let counts = messages.iter().map(|message| {
        if let SimpleQueryMessage::CommandComplete(rows) = message {
            *rows
        } else {
            0
        }
    });
    counts.sum()
}

fn code(error: &postgres::Error) -> String {
    error
        .code()
        .map_or_else(|| error.to_string(), |it| it.code().to_owned())
}

/// What became different, in words.
pub fn differences(before: &Outcomes, after: &Outcomes) -> Vec<String> {
    let again = |statement: &String| after.iter().find(|(it, _)| it == statement);
    let mut found = Vec::new();
    for (statement, was) in before {
        let now = again(statement).map_or("not reached", |(_, now)| now);
        if now != was && !is_missing(was) && !reads_more(statement, was, now) {
            found.push(format!("{statement}: {was}, then {now}"));
        }
    }
    found
}

fn is_missing(outcome: &str) -> bool {
    MISSING.iter().any(|it| outcome.starts_with(it))
}

/// New rows are no loss for the old version.
fn reads_more(statement: &str, was: &str, now: &str) -> bool {
    let rows = |outcome: &str| {
        outcome
            .strip_suffix(" rows")
            .and_then(|it| it.parse::<u64>().ok())
    };
    statement.starts_with("SELECT") && rows(was).is_some() && rows(now) > rows(was)
}

/// Keeps what the old version wrote, to be compared later.
pub fn keep(client: &mut Client) -> Result<()> {
    let there = client.query_one("SELECT to_regclass('public.parcels') IS NOT NULL", &[])?;
    if there.get(0) {
        client.batch_execute(
            "CREATE SCHEMA kept; CREATE TABLE kept.parcels AS SELECT * FROM public.parcels",
        )?;
    }
    Ok(())
}

/// How many of the kept rows are gone, or have another tag than the old version gave them.
///
/// Nothing is said where the tables themselves are gone: then what the old version does fails, too.
pub fn lost(client: &mut Client) -> i64 {
    let ask = "SELECT count(*) FROM kept.parcels k LEFT JOIN public.parcels p USING (id) \
        WHERE p.id IS NULL OR k.tag IS NOT NULL AND p.tag IS DISTINCT FROM k.tag";
    client.query_one(ask, &[]).map_or(0, |row| row.get(0))
}
