#![doc = include_str!("../README.md")]
//! ## Code map
//! `main` wires and `handler` answers the tasks; a poll of a watch is one `look` at AWS, with `metrics` for CloudWatch (`series` lists what it reads, `window` of which time, and `due` what a look reads at all) and `probe` for
//! the smoke checks. What they observe is a `snapshot`; `watch` is the step that it belongs to. `decide` gives the
//! verdict: first `unhealthy`, then `inconclusive`; `course` says what follows. Both use `numbers`, and `measured` makes metrics of them at the end of a
//! step. `judged` says which minutes count (`recent` those of a step that goes on for days), `compare` and `latency` compare them (`comparison` is what comes out), `bursts`
//! says whether errors go on, and the formulas are in `statistics`. Before the release
//! `traffic` says what its steps will be able to find at the `usual_traffic`, each by its `forecast`, with the formulas of
//! `power`; after a flip back `look_back` looks at the previous environment.

pub mod answer;
mod bursts;
mod compare;
mod comparison;
mod course;
pub mod decide;
#[cfg(test)]
mod decide_tests;
pub mod due;
mod evaluate;
pub mod forecast;
pub mod handler;
mod inconclusive;
mod judged;
mod latency;
mod look;
pub mod look_back;
mod measured;
pub mod metrics;
mod numbers;
pub mod policy;
mod power;
pub mod probe;
mod recent;
mod sample;
mod series;
pub mod snapshot;
mod statistics;
pub mod targets;
pub mod task;
pub mod traffic;
mod unhealthy;
pub mod usual_traffic;
mod verdict;
pub mod watch;
mod window;
