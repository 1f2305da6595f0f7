//! How good is the verdict? Random releases, good and bad, are judged by it and, on the very same traffic, by two simpler
//! rules, each asked once at the end of the watch: a fixed rate of 1 %, and the rule of the article that this project began
//! with (a CI job flips the listener rule, and flips back after more than 10 5xx of the whole load balancer).
//!
//! The grid has every kind of service in the simplest world: steady traffic, independent errors, released all at once. The
//! rollouts have fewer services in harder worlds, released in steps, too.
//!
//! A fault is there from the flip on, for every request alike, and no probe sees it: only CloudWatch reports it. The
//! numbers are the same in every run. `cargo test --test verdict -- --nocapture` prints the tables, and with `CELLS=1` in
//! the environment every cell of the grid, as comma-separated values.
#![allow(clippy::print_stdout, reason = "the tables are what it is for")]

mod defaults;
mod goals;
mod grid;
mod judges;
mod parallel;
mod release;
mod rollouts;
mod table;
mod watching;
mod world;

use goals::Goals;
use grid::Runs;
use rollouts::kinds;

/// So many good releases show a part of one in a thousand, and so many bad ones the difference of 90 and 99 in 100.
const GRID: Runs = Runs {
    good: 4_000,
    bad: 200,
};

/// The same in harder worlds.
const GOOD: u64 = 3_000;
const BAD: u64 = 500;

#[test]
fn the_verdict_is_wrong_less_often_than_two_simpler_rules() {
    let rows = grid::run(GRID);
    let good = rollouts::run(&kinds::good(), GOOD);
    let bad = rollouts::run(&kinds::bad(), BAD);
    let quiet = rollouts::run(&kinds::quiet(), GOOD);
    let mut lines = if std::env::var_os("CELLS").is_some() {
        table::cells(&rows)
    } else {
        [table::lines(&rows), table::chances(&rows)].concat()
    };
    lines.extend((0..grid::JUDGES).map(|judge| table::sum(&rows, judge)));
    lines.extend(rollouts::table::good(&good));
    lines.extend(rollouts::table::bad(&bad));
    lines.extend(rollouts::table::quiet(&quiet));
    lines.iter().for_each(|it| println!("{it}"));

    let goals = Goals::of(&rows, &good, &bad);
    let cells = table::count(&rows) + good.len() + bad.len() + quiet.len();
    println!("{}", goals::more(&goals));
    println!("verdict: cells={cells} {goals}");
    goals.assert();
    goals::assert_no_later(&rows);
    for judge in 1..grid::JUDGES {
        let (ours, theirs) = (table::wrong(&rows, 0), table::wrong(&rows, judge));
        assert!(
            ours.0 < theirs.0 && ours.1 < theirs.1,
            "{ours:?} {theirs:?}"
        );
    }
}
