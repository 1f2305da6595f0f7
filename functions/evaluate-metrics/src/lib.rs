#![doc = include_str!("../README.md")]
//! ## Code map
//! `main` wires and `handler` reads AWS, with `metrics` for CloudWatch (`series` lists what it reads) and `probe` for
//! the smoke checks. What they observe is a `snapshot`. `decide` gives the verdict: first `unhealthy`, then
//! `inconclusive`. Both use `numbers`, which prepares the counts for `compare`; its formulas are in `statistics`.

pub mod answer;
mod compare;
pub mod decide;
#[cfg(test)]
mod decide_tests;
pub mod handler;
mod inconclusive;
pub mod metrics;
mod numbers;
pub mod policy;
pub mod probe;
mod series;
pub mod snapshot;
mod statistics;
pub mod targets;
pub mod task;
mod unhealthy;
