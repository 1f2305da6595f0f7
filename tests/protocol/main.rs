//! The protocol of `functions/record`, checked exhaustively: the record's transitions, detect's admission and flip's
//! movement, driven by a model checker through every order of steps that two or three executions, alarms, people and
//! misfortune can take.
//!
//! The model supplies what surrounds that code: the table, the load balancer, the state machine's routes and retries,
//! and processes that may die, or go on although nobody awaits their answer, between any two steps. What is not in it: the
//! calls inside register, update and check (one step here, of which an abort may leave the update on its way), a redrive of
//! an aborted execution, the gate before commands, a freeze that ends by its time, the release window, an answer of ELBv2
//! that is older than the rule, rules and listeners that answer at different moments, and a function that outlives its
//! timeout (but see `scenarios::outliving`).
//!
//! Each mutation breaks one decision around the code; the tests name the invariant that catches it.

#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the model names what it follows; anything else is its own mistake, and unreachable"
)]

mod aborts;
mod answer;
mod audit;
mod balancer;
mod capacity;
mod claim_steps;
mod clock;
mod contracts;
mod decisions;
mod detect_steps;
mod ends;
mod execution;
mod fact;
mod finish_steps;
mod flip_ahead;
mod flip_notes;
mod flip_record;
mod flip_steps;
mod flip_writes;
mod forwards;
mod health;
mod hearing;
mod heeded;
mod heeding;
mod image_changes;
mod image_checks;
mod image_decisions;
mod images;
mod invariants;
mod item;
mod leftover;
mod look;
mod machine;
mod mishaps;
mod model;
mod mutants;
mod mutation;
mod names;
mod people_decisions;
mod people_routes;
mod policy;
mod possible;
mod premise;
mod process;
mod progress;
mod protocol;
mod quiet;
mod reasons;
mod saying;
mod scenarios;
mod search;
mod smoke_decisions;
mod smoke_steps;
mod steps;
mod stop_decisions;
mod stop_steps;
mod strays;
mod tasks;
mod time;
mod traffic_decisions;
mod verdict;
mod watch;
mod word;
mod world;
mod write;

use invariants::is_invariant;
use mutants::MUTANTS;
use scenarios::Scenario;
use search::search;
use stateright::Checker;

#[test]
#[allow(clippy::print_stdout, reason = "the one line of the result")]
fn the_protocol_holds_in_every_state() {
    // A search keeps one processor busy and the next one half: all of them together keep both.
    let searches = std::thread::scope(|scope| {
        let all = scenarios::all().into_iter();
        let searches: Vec<_> = all.map(|it| scope.spawn(|| explore(it))).collect();
        let joined = searches.into_iter().map(|it| it.join().expect("a search"));
        joined.collect::<Vec<_>>()
    });
    let states: usize = searches.iter().map(|(states, _)| states).sum();
    let violations: usize = searches.iter().map(|(_, violations)| violations).sum();
    let caught = MUTANTS.iter().filter(|mutant| mutant.is_caught()).count();
    println!("protocol: states={states} violations={violations} mutations_caught={caught}");
    assert_eq!((violations, caught), (0, MUTANTS.len()));
}

/// The states of a scenario, and the invariants that some state violates. What must be possible must be found.
fn explore(scenario: Scenario) -> (usize, usize) {
    let checker = search(scenario.protocol).spawn_bfs().join();
    let found = checker.discoveries();
    let violations = found.iter().filter(|(name, _)| is_invariant(name));
    let violations = violations.inspect(|(name, path)| {
        let actions = (*path).clone().into_actions();
        eprintln!("{}: {name}: {actions:#?}", scenario.name);
    });
    let violations = violations.count();
    for name in scenario.possible {
        assert!(found.contains_key(name), "{}: never {name}", scenario.name);
    }
    (checker.unique_state_count(), violations)
}

#[test]
fn everything_that_must_be_possible_is_wanted_of_some_scenario() {
    let scenarios = scenarios::all();
    let wanted: Vec<_> = scenarios.iter().flat_map(|it| it.possible).collect();
    for (name, _) in possible::POSSIBLE {
        assert!(wanted.contains(&&name), "no scenario wants: {name}");
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
        scenarios::few_targets(),
        scenarios::late_try(),
        scenarios::strays(),
        scenarios::overlapping_shares(),
        scenarios::stray_shares(),
        scenarios::stopped_and_refused(),
        scenarios::stopped_while_deploying(),
        scenarios::gates(),
        scenarios::silent_gates(),
        scenarios::replace(),
        scenarios::holds(),
        scenarios::overlapping_holds(),
        scenarios::finish(),
        scenarios::freezes(),
        scenarios::stop(),
        scenarios::images(),
        scenarios::images_checked_since(),
    ] {
        let without_end = ends::states_without_end(&scenario.protocol);
        assert_eq!(without_end, 0, "{}", scenario.name);
    }
}
