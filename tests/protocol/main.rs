//! The protocol, checked exhaustively: the record's transitions, detect's turn and flip's movement, driven by a model
//! checker through every order of steps that two or three executions, alarms, an operator and misfortune can take.
//!
//! The model supplies what surrounds that code: the table, the load balancer, the state machine's routes and retries,
//! and processes that may die, or be given up while they go on, between any two steps. What is not in it: the calls
//! inside register, update and check (one step here), a redrive of an aborted execution, an answer of ELBv2 that
//! is older than the rule, and a function that outlives its timeout (but see `scenarios::outliving`).
//!
//! Each mutation breaks one rule around the code; the tests name the invariant that notices.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the model names what it follows; anything else is its own mistake, and unreachable"
)]

mod balancer;
mod clock;
mod ends;
mod execution;
mod fact;
mod misfortune;
mod model;
mod mutants;
mod mutation;
mod opener;
mod process;
mod properties;
mod scenarios;
mod setting;
mod steps;
mod verdict;
mod world;
mod writer;

use mutants::MUTANTS;
use stateright::{Checker, Model};

/// Threads for each search: the tests themselves run side by side.
const THREADS: usize = 2;

#[test]
#[allow(clippy::print_stdout, reason = "the one line of the result")]
fn the_protocol_holds_in_every_state() {
    let (mut states, mut violations) = (0, 0);
    for scenario in scenarios::all() {
        let checker = scenario
            .protocol
            .checker()
            .threads(THREADS)
            .spawn_bfs()
            .join();
        states += checker.unique_state_count();
        let found = checker.discoveries();
        for (name, path) in &found {
            if properties::is_invariant(name) {
                violations += 1;
                eprintln!(
                    "{}: {name}: {:#?}",
                    scenario.name,
                    path.clone().into_actions()
                );
            }
        }
        for name in scenario.possible {
            assert!(found.contains_key(name), "{}: never {name}", scenario.name);
        }
    }
    let caught = MUTANTS.iter().filter(|mutant| mutant.is_caught()).count();
    println!("protocol: states={states} violations={violations} mutations_caught={caught}");
    assert_eq!((violations, caught), (0, MUTANTS.len()));
}

#[test]
fn everything_that_must_be_possible_is_asked_for_somewhere() {
    let asked: Vec<_> = scenarios::all()
        .iter()
        .flat_map(|scenario| scenario.possible)
        .collect();
    for (name, _) in properties::POSSIBLE {
        assert!(asked.contains(&&name), "no scenario asks for: {name}");
    }
}

#[test]
fn every_path_ends() {
    for scenario in [
        scenarios::lost_answers(),
        scenarios::overlapping_tries(),
        scenarios::any_alarm(),
        scenarios::rollback(),
        scenarios::three_pushes(),
        scenarios::two_rules(),
    ] {
        let without_end = ends::states_without_end(&scenario.protocol);
        assert_eq!(without_end, 0, "{}", scenario.name);
    }
}
