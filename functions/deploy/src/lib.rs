#![doc = include_str!("../README.md")]
//!
//! # Files
//! `main` wires, and `handler` passes each task on to `register`, `update`, `check`, `scale`, `migration` or `preview`,
//! which touch AWS; `rollout` reads for `check`, and `scans` decides after it. `decide`, `explain`, `task_definition`,
//! `fields`, `changes`, `shown` and `hidden` are pure.

pub mod answer;
mod changes;
mod check;
pub mod decide;
#[cfg(test)]
mod decide_tests;
mod explain;
mod fields;
pub mod handler;
#[cfg(test)]
mod handler_tests;
mod hidden;
mod migration;
mod preview;
mod register;
pub mod rollout;
mod scale;
mod scans;
mod shown;
pub mod task;
mod task_definition;
#[cfg(test)]
mod task_definition_tests;
mod update;
