#![doc = include_str!("../README.md")]
//!
//! # Files
//! `main` wires, and `handler` fills the spec for one release. `run` makes the requests with `client`, whose
//! connections `resolve` guards by the rules of `reach`; `sample` says of whom where there are many. `spec` reads the
//! checks, `fill` puts values in place of the parts that `placeholder` finds, and `secret` fetches those of headers, which
//! `mask` hides again, however they are `escaped`. `decide` compares a reply, and `answer` sums up.

pub mod answer;
mod base;
mod client;
pub mod comparison;
pub mod decide;
mod escaped;
pub mod fill;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod mask;
mod placeholder;
pub mod reach;
pub mod reply;
pub mod resolve;
mod run;
mod sample;
pub mod secret;
pub mod spec;
#[cfg(test)]
mod spec_tests;
pub mod task;
