//! How good is the verdict? Random releases, good and bad, are judged by it and, on the very same traffic, by two simpler
//! rules, each asked once at the end of the watch: a fixed rate of 1 %, and the rule of the article that this project began
//! with (a CI job flips the listener rule, and flips back after more than 10 5xx of the whole load balancer).
//!
//! A fault is there from the flip on, for every request alike, and no probe sees it: only CloudWatch reports it. The
//! numbers are the same in every run. `cargo test --test verdict -- --nocapture` prints the table, and with `CELLS=1` in
//! the environment every cell, as comma-separated values.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod grid;
mod judges;
mod table;
mod world;

use grid::{Runs, run};

/// So many good releases show a share of one in a thousand, and so many bad ones the difference of 90 and 99 in 100.
const RUNS: Runs = Runs {
    good: 5_000,
    bad: 400,
    burst: 1.0,
};

/// Services whose errors come twenty at a time: an hour says less about them.
const BURSTS: Runs = Runs {
    good: 1_000,
    bad: 1,
    burst: 20.0,
};

#[test]
fn the_verdict_is_wrong_less_often_than_two_simpler_rules() {
    let (rows, bursts) = (run(RUNS), run(BURSTS));
    let mut lines = if std::env::var_os("CELLS").is_some() {
        table::cells(&rows)
    } else {
        [table::lines(&rows), table::chances(&rows)].concat()
    };
    lines.extend((0..grid::JUDGES).map(|judge| table::sum(&rows, &bursts, judge)));
    lines.iter().for_each(|it| println!("{it}"));
    let (worst, missed) = (table::worst(&rows, 0), table::missed(&rows, 1));
    let cells = table::count(&rows);
    println!(
        "verdict: cells={cells} false_flip_back_max={worst} missed_that_article_catches={missed}"
    );
    assert!(worst <= 0.001, "{worst} of good releases are flipped back");
    assert_eq!(missed, 0, "cells in which the article's rule is better");
    for judge in 1..grid::JUDGES {
        let (ours, theirs) = (table::wrong(&rows, 0), table::wrong(&rows, judge));
        assert!(
            ours.0 < theirs.0 && ours.1 < theirs.1,
            "{ours:?} {theirs:?}"
        );
    }
}
