//! detect: opens a release and closes it. `main` wires; `handler`, `opening`, `images` and `world` touch AWS; the rest
//! thinks.

pub mod decide;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod images;
pub mod opening;
pub mod request;
pub mod task;
pub mod turn;
pub mod world;
