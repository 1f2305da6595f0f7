//! What the labelled texts do on real databases: which locks they take and for how long, whether they fail, and what
//! the old version can do no more. Labels and linter must say the same, but for what stands in `known` with its reason.
//!
//! `install` and `server` start a PostgreSQL server of the test's own. `postgresql` gives each text a fresh database of
//! it, `text` runs one under the eyes of `watch`, or beside the writes of `beside`. `sqlite` does the same with SQLite.
//! `hidden` is about texts that drop a table where nobody sees it. `old` is the version that still serves, `truth` is
//! what was seen, and `judge` compares.
//!
//! MySQL's cases do not run: there is no server of it here.

#![allow(clippy::print_stdout, reason = "the figures are for a person")]

mod beside;
mod cases;
mod hidden;
mod install;
mod judge;
mod known;
mod old;
mod postgresql;
mod server;
mod setup;
mod split;
mod sqlite;
mod statement;
mod text;
mod truth;
mod watch;

use cases::Case;
use judge::{Said, contradictions};
use known::{KNOWN, LEFT_OUT};
use migrations::Dialect;
use std::collections::BTreeSet;
use truth::Truth;

fn cases_of(dialect: Dialect) -> Vec<Case> {
    let mut cases = cases::cases();
    cases.retain(|case| case.dialect == dialect);
    cases
}

fn is_left_out(id: &str) -> bool {
    LEFT_OUT.iter().any(|(it, _)| *it == id)
}

/// What label and linter say otherwise than the database, and no reason is known for; and reasons that nothing needs.
fn surprises(cases: &[Case], truths: &[Truth]) -> Vec<String> {
    let (mut found, mut used, mut explained) = (Vec::new(), BTreeSet::new(), 0);
    for (case, truth) in cases.iter().zip(truths) {
        let id = case.id.as_str();
        if is_left_out(id) {
            if truth.fails.is_none() {
                found.push(format!("{id} runs, so it has no place in LEFT_OUT"));
            }
            continue;
        }
        let by_label = contradictions(case, truth, Said::by_label(case));
        let by_linter = contradictions(case, truth, Said::by_linter(case));
        explained += usize::from(!by_label.is_empty());
        let by_label = by_label.into_iter().map(|what| ("label", what));
        for (who, what) in by_label.chain(by_linter.into_iter().map(|what| ("linter", what))) {
            let line = format!("{id} ({who}): {what}: {}", case.sql.escape_debug());
            println!("{line}");
            let known = KNOWN
                .iter()
                .find(|(ids, begins, _)| ids.contains(&id) && what.starts_with(begins));
            match known {
                Some((_, begins, _)) => used.extend([(id, *begins)]),
                None => found.push(line),
            }
        }
    }
    let known = KNOWN
        .iter()
        .flat_map(|(ids, begins, _)| ids.iter().map(|id| (*id, *begins)));
    let of_these = known.filter(|(id, _)| cases.iter().any(|case| case.id == *id));
    let stale = of_these.filter(|it| !used.contains(it));
    found.extend(stale.map(|(id, begins)| {
        format!("{id}: take {begins:?} out of KNOWN, the case shows it no more")
    }));
    figures(cases, truths, explained);
    found
}

fn figures(cases: &[Case], truths: &[Truth], explained: usize) {
    let ran = cases.iter().filter(|case| !is_left_out(&case.id)).count();
    let count = |is: fn(&Truth) -> bool| truths.iter().filter(|it| is(it)).count();
    println!(
        "databases: {} ran={ran} as_labelled={} otherwise={explained} block={} rewrite={} fail={} break={}",
        cases[0].dialect,
        ran - explained,
        count(|it| !it.alone.long.is_empty()),
        count(|it| it.alone.rewrites),
        count(|it| it.fails.is_some()),
        count(|it| !it.breaks.is_empty()),
    );
}

#[test]
fn postgresql_does_what_the_linter_says() {
    let cases = cases_of(Dialect::Postgresql);
    let databases = postgresql::Databases::new().expect("a server");
    let truths = databases.truths(&cases);
    let truths = truths.expect("every text runs or is refused by the server");
    let surprises = surprises(&cases, &truths);
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn sqlite_does_what_the_linter_says() {
    let cases = cases_of(Dialect::Sqlite);
    let truths: Result<Vec<_>, _> = cases.iter().map(sqlite::truth).collect();
    let truths = truths.expect("every text runs or is refused by SQLite");
    let surprises = surprises(&cases, &truths);
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

#[test]
fn given_a_case_that_is_named_here_then_it_is_a_case() {
    let cases = cases::cases();
    let ids: BTreeSet<_> = cases.iter().map(|case| case.id.as_str()).collect();
    let left_out = LEFT_OUT.iter().map(|(id, _)| *id);
    let known = KNOWN.iter().flat_map(|(ids, ..)| ids.iter().copied());
    let mut named = left_out.chain(known).chain(setup::ids());
    assert_eq!(named.find(|id| !ids.contains(id)), None);
}
