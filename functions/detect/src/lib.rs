//! detect: opens a release and closes it. `main` wires; `handler`, `release`, `contract`, `opening`, `images`,
//! `platforms`, `world`, `facts` with `lookups`, and `report` touch AWS; the rest thinks.

pub mod contract;
pub mod decide;
pub mod facts;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod images;
mod lookups;
pub mod migration;
pub mod opening;
mod platforms;
pub mod preflight;
pub mod release;
mod report;
pub mod request;
pub mod task;
pub mod turn;
pub mod world;
