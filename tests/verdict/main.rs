//! How good is the verdict? Random releases, good and bad, are judged by it and, on the very same traffic, by two simpler
//! rules: the article's (more than 10 5xx of the whole load balancer) and a fixed rate of 1 %, each in one look at the end
//! of the watch.
//!
//! A fault is there from the flip on, for every request alike, and no probe sees it: CloudWatch alone tells. The numbers
//! are the same in every run. `cargo test --test verdict -- --cells` prints every cell, as comma-separated values.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod grid;
mod judges;
mod table;
mod world;

use grid::{Runs, run};
use std::process::ExitCode;

/// So many good releases show a share of one in a thousand, and so many bad ones the difference of 90 and 99 in 100.
const RUNS: Runs = Runs {
    good: 5_000,
    bad: 400,
    burst: 1.0,
};

/// Services whose errors come twenty at a time: an hour tells less of them.
const BURSTS: Runs = Runs {
    good: 1_000,
    bad: 1,
    burst: 20.0,
};

fn main() -> ExitCode {
    let (rows, bursts) = (run(RUNS), run(BURSTS));
    let mut lines = if std::env::args().any(|it| it == "--cells") {
        table::cells(&rows)
    } else {
        [table::lines(&rows), table::chances(&rows)].concat()
    };
    lines.extend((0..grid::JUDGES).map(|judge| table::sum(&rows, &bursts, judge)));
    lines.iter().for_each(|it| println!("{it}"));
    let (worst, missed) = (table::worst(&rows, 0), table::missed(&rows, 1));
    println!(
        "verdict: cells={} false_flip_back_max={worst} missed_that_article_catches={missed}",
        table::count(&rows)
    );
    let better = |judge| {
        let (ours, theirs) = (table::wrong(&rows, 0), table::wrong(&rows, judge));
        ours.0 < theirs.0 && ours.1 < theirs.1
    };
    let holds = worst <= 0.001 && missed == 0 && better(1) && better(2);
    ExitCode::from(u8::from(!holds))
}
