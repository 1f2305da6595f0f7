#![doc = include_str!("../README.md")]
//! # Code map
//! `main` wires and `handler` dispatches. `event`, `task` and `alarm` read what comes in, `trust` says which alarms may
//! flip back, `answer` is what goes out.
//! The commands are `flip`, `flip_back` and `preview`. `traffic` writes the rules under a lease: read its header first.
//! `decide` and `capacity` are pure, and only `rules` calls the load balancer.

pub mod alarm;
pub mod answer;
pub mod capacity;
pub mod clients;
pub mod decide;
pub mod event;
mod flip;
mod flip_back;
pub mod handler;
mod preview;
pub mod rules;
pub mod task;
#[cfg(test)]
mod tests;
mod traffic;
pub mod trust;
