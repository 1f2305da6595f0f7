//! Wiring tests: they hold `template.yaml`, the state machine, the Rust sources and the pages together.
//!
//! Each part is right on its own and checked where it is made; what only fails in an account, because two parts
//! disagree, fails here. Nothing is deployed or started for it: the files themselves are read.

mod answers;
mod choices;
mod ci_machine;
mod circles;
mod configuration;
mod dashboard;
mod events;
mod failures;
mod features;
mod machine;
mod pages;
mod people;
mod records;
mod release_events;
mod retries;
mod routes;
mod rules;
mod sizes;
mod steps;
mod stopped;
mod trigger;
mod unfolded;
mod verifier;
mod words;
