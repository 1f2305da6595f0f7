//! detect: opens a release and closes it. `main` wires; `handler` is the way through AWS; the rest thinks.

pub mod decide;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod images;
pub mod request;
pub mod task;
pub mod turn;
pub mod world;
