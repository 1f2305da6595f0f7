//! Bad input: whatever comes from outside, nothing panics, and no field stops a flip back that is due.
//!
//! The corpus of the fuzzer (`tests/fuzz`) is replayed, then every golden event, task and file of the corpus is varied.
//! The variations are drawn from a fixed seed: this is a gate, and the fuzzer is what searches.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

mod absent;
mod alarms;
mod corpus;
mod json;
mod properties;
mod settings;
mod tally;

use tally::Tally;

#[test]
fn whatever_comes_from_outside_nothing_panics() {
    let tally = Tally::default();
    corpus::replayed(&tally);
    corpus::spoiled(&tally);
    alarms::one_change_each(&tally);
    properties::arbitrary_json(&tally);
    properties::changed_events(&tally);
    settings::arbitrary_variables(&tally);
    absent::answers_in_part(&tally);
    tally.report();
    let (tried, panics) = (tally.tried.get(), tally.panics.get());
    println!("inputs: tried={tried} panics={panics}");
    assert_eq!(panics, 0);
}
