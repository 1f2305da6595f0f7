//! What the labelled texts do on real databases: which locks they take and for how long, whether they fail, and what
//! the old version can do no more. Labels and linter must say the same, but for what stands in `KNOWN` with its reason.

#![allow(clippy::print_stdout, reason = "the table is for a person")]

mod beside;
mod cases;
mod install;
mod judge;
mod old;
mod postgresql;
mod server;
mod setup;
mod split;
mod sqlite;
mod text;
mod truth;
mod watch;

use cases::Case;
use judge::{Said, contradictions};
use migrations::Dialect;
use std::collections::BTreeSet;
use truth::Truth;

/// What cannot run here, and why.
const LEFT_OUT: [(&str, &str); 4] = [
    ("189", "this server comes without pgcrypto"),
    (
        "355",
        "COPY FROM STDIN reads from a client, and there is none",
    ),
    ("459", "this server is built without ICU"),
    ("480", "this server comes without pgcrypto"),
];

/// Where label or linter differ from the database on purpose, and why.
const KNOWN: [(&str, &str); 8] = [
    (
        "012",
        "lower of a bare string has no collation in a generated column; the linter resolves no types",
    ),
    (
        "122",
        "CREATE TABLE IF NOT EXISTS makes the table where the file is new, and that is what it is for",
    ),
    (
        "123",
        "CREATE TABLE IF NOT EXISTS makes the table where the file is new, and that is what it is for",
    ),
    (
        "132",
        "DROP INDEX holds its lock for a moment, but waits behind every read, and all others wait behind it",
    ),
    (
        "165",
        "SAVEPOINT fails alone, and runs where a tool puts the file into one transaction",
    ),
    (
        "280",
        "a foreign key on a column that is added empty is not checked, but both tables are locked",
    ),
    (
        "406",
        "LOCK TABLE fails alone, and runs where a tool puts the file into one transaction",
    ),
    ("407", "an advisory lock is on no table"),
];

fn cases_of(dialect: Dialect) -> Vec<Case> {
    let mut cases = cases::cases();
    cases.retain(|case| case.dialect == dialect && LEFT_OUT.iter().all(|(id, _)| *id != case.id));
    cases
}

/// Prints each contradiction, and gives those that nobody knows of.
fn compare(cases: &[Case], truths: &[Truth]) -> Vec<String> {
    let (mut news, mut unseen) = (Vec::new(), Vec::new());
    for (case, truth) in cases.iter().zip(truths) {
        let by_label = contradictions(case, truth, Said::by_label(case));
        let by_linter = contradictions(case, truth, Said::by_linter(case));
        for (who, found) in [("label", by_label), ("linter", by_linter)] {
            for what in found {
                let line = format!("{} ({who}): {what}: {}", case.id, case.sql.escape_debug());
                println!("{line}");
                if KNOWN.iter().all(|(id, _)| *id != case.id) {
                    news.push(line);
                }
            }
        }
        let quiet = truth.fails.is_none() && truth.breaks.is_empty() && truth.alone.long.is_empty();
        if quiet && Said::by_label(case).danger {
            unseen.push(case.id.as_str());
        }
    }
    println!("refused, and nothing of it seen here: {}", unseen.join(" "));
    news
}

#[test]
fn postgresql_does_what_the_linter_says() {
    let cases = cases_of(Dialect::Postgresql);
    let databases = postgresql::Databases::new().expect("a server");
    let truths = databases
        .truths(&cases)
        .expect("every text runs or is refused by the server");
    let long = truths.iter().filter(|it| !it.alone.long.is_empty()).count();
    let fail = truths.iter().filter(|it| it.fails.is_some()).count();
    println!(
        "databases: postgresql={} block={long} fail={fail}",
        cases.len()
    );
    let news = compare(&cases, &truths);
    assert!(news.is_empty(), "{}", news.join("\n"));
}

#[test]
fn sqlite_does_what_the_linter_says() {
    let cases = cases_of(Dialect::Sqlite);
    let truths = cases
        .iter()
        .map(|case| sqlite::truth(case).expect("a database"));
    let truths: Vec<_> = truths.collect();
    let fail = truths.iter().filter(|it| it.fails.is_some()).count();
    println!("databases: sqlite={} fail={fail}", cases.len());
    let news = compare(&cases, &truths);
    assert!(news.is_empty(), "{}", news.join("\n"));
}

#[test]
fn what_is_left_out_or_known_is_a_case() {
    let cases = cases::cases();
    let ids: BTreeSet<_> = cases.iter().map(|case| case.id.as_str()).collect();
    let named = LEFT_OUT.iter().chain(&KNOWN).map(|(id, _)| *id);
    let mut named = named.chain(setup::ids());
    assert_eq!(named.find(|id| !ids.contains(id)), None);
}
