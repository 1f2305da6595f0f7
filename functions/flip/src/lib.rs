#![doc = include_str!("../README.md")]
//! # Code map
//! `main` wires and `handler` dispatches. `event`, `task` and `alarm` read what comes in, `trust` says which alarms may
//! flip back, `answer` and `notice` are what goes out.
//! The commands are `flip`, `flip_back`, `end_stopped` and `preview`. `traffic` writes the rules under a lease: read its
//! header first. `idle_rules` comes after all of it.
//! `decide`, `look`, `capacity` and `stopped` are pure, and only `rules` calls the load balancer. `ahead` says why a flip
//! may look at it while it asks the record.

mod ahead;
pub mod alarm;
pub mod answer;
pub mod capacity;
pub mod clients;
pub mod decide;
mod end_stopped;
pub mod event;
mod flip;
mod flip_back;
pub mod handler;
mod idle_rules;
mod invocation;
mod look;
mod notice;
mod preview;
pub mod rules;
pub mod stopped;
pub mod task;
#[cfg(test)]
mod tests;
mod traffic;
pub mod trust;
