//! smoke: asks the idle environment whether it works. `main` wires; `handler` and `client` ask; the rest thinks.

pub mod base;
pub mod client;
#[cfg(test)]
mod client_tests;
pub mod decide;
pub mod fill;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod path;
pub mod reach;
pub mod resolve;
pub mod spec;
#[cfg(test)]
mod spec_tests;
pub mod verdict;
