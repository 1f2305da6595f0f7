//! Stacks, pushes and payloads as people have them: each must be released right, or refused in words.
//!
//! A case calls the functions' handlers; `aws` answers the SDK's calls at the wire, out of `stack.json`, which the case
//! changes. `starts` is about what starts a release, `wiring` about how people wire it, `deployed` about what is deployed
//! and the flip. `README.md` lists the kinds.
//!
//! `busy` is about alarms in an account that is asked too often. `recorded` records what each task of a release asks,
//! `rounds` states it as a table, and `fleet` simulates hundreds of releases with it.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

mod aws;
mod busy;
mod case;
mod deployed;
mod fleet;
mod flip;
mod functions;
mod judge;
mod recorded;
mod rounds;
mod starts;
mod trial;
mod trust;
mod wiring;

use case::Case;
use std::collections::BTreeSet;

/// The kinds, by their rows in `README.md`.
const ROWS: [&str; 38] = [
    "base", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B1", "B2", "B3", "B4", "B5", "B6",
    "B7", "B8", "B9", "B10", "B11", "B12", "C1", "C2", "C3", "C4", "C5", "C6", "D1", "D2", "D3",
    "E1", "E2", "F1", "F2", "F3", "T2", "T3", "T4",
];

fn cases() -> Vec<Case> {
    [
        starts::cases(),
        wiring::cases(),
        deployed::cases(),
        trust::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn every_stack_is_released_right_or_refused_in_words() {
    let cases = cases();
    let mut rows = BTreeSet::new();
    let cases = cases.iter().map(|case| (case, rows.insert(case.row)));
    let cases: Vec<_> = cases.collect();
    let wrong: usize = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| cases.iter().skip(half).step_by(2));
        let halves = halves.map(|half| scope.spawn(|| try_all(half)));
        halves.map(|it| it.join().expect("no panic")).iter().sum()
    });
    println!("stacks: cases={} wrong={wrong}", cases.len());
    assert_eq!(wrong, 0);
}

/// How many of the cases are wrong; each is printed with what is wrong about it. The first case of a row is marked.
fn try_all<'a>(cases: impl Iterator<Item = &'a (&'a Case, bool)>) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let wrong = cases.filter(|(case, is_first)| {
        let wrong = runtime.block_on(trial::try_case(case, *is_first));
        for sentence in &wrong {
            println!("{} {}: {sentence}", case.row, case.title);
        }
        !wrong.is_empty()
    });
    wrong.count()
}

#[test]
fn every_kind_has_a_case_and_a_row() {
    let cases = cases();
    let page = project::read("tests/stacks/README.md");
    for row in ROWS {
        assert!(
            cases.iter().any(|case| case.row == row),
            "{row} has no case"
        );
        assert!(
            page.contains(&format!("| {row} |")),
            "{row} is not in README.md"
        );
    }
    let unknown = cases.iter().find(|case| !ROWS.contains(&case.row));
    assert!(unknown.is_none(), "a case of no kind");
}
