//! detect: opens a release and closes it. `main` wires; `handler`, `release`, `contract`, `opening`, `images`, `world`
//! and `facts` touch AWS; the rest thinks.

pub mod contract;
pub mod decide;
pub mod facts;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod images;
pub mod migration;
pub mod opening;
pub mod preflight;
pub mod release;
pub mod request;
pub mod task;
pub mod turn;
pub mod world;
