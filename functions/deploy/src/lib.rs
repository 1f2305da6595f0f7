#![doc = include_str!("../README.md")]
//!
//! # Files
//! `main` wires, and `handler` passes each task on to `register`, `update`, `rollout`, `scale`, `migration` or `preview`,
//! which touch AWS. `decide`, `explain`, `task_definition` and `changes` are pure.

pub mod answer;
mod changes;
pub mod decide;
#[cfg(test)]
mod decide_tests;
mod explain;
pub mod handler;
#[cfg(test)]
mod handler_tests;
mod migration;
mod preview;
mod register;
pub mod rollout;
mod scale;
pub mod task;
mod task_definition;
#[cfg(test)]
mod task_definition_tests;
mod update;
