#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! - `main` wires, `task` has the state machine's tasks and their answers, `handler` picks the way of each request, and
//!   `preview` turns its answer into one that only says it
//! - `request` reads what an execution was started with
//! - `look` observes the world
//! - `preflight` holds what was observed against the checks; it is pure
//! - `claim` decides whether and how a release begins, and writes the record
//! - `decisions` writes down what people decide, and says what of a release waits for them

pub mod claim;
pub mod decisions;
mod halt;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod look;
pub mod preflight;
#[cfg(test)]
mod preflight_tests;
mod preview;
pub mod request;
pub mod task;
