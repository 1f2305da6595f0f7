//! The part of the sweep that matters most: every fault at every write of the rules, and lost answers and killed
//! processes at every write of the record. `cargo rehearse faults` runs all of it.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

use local_aws::{local, on_the_local_aws};
use rehearsal::faults::{Part, sweep};
use rehearsal::show::Show;

/// As many as there are runs in the longer queue: the test takes as long as its longest run.
const STAGES: u64 = 12;

#[test]
fn a_fault_at_a_write_breaks_no_promise() {
    on_the_local_aws(async {
        let summary = sweep(local(), Part::Writes, STAGES, &Show::silent()).await;
        let summary = summary.expect("a summary");
        summary.lines().iter().for_each(|line| println!("{line}"));
        assert!(summary.passed());
    });
}
