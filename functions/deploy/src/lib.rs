//! deploy: brings an image to the idle environment. `main` wires; `handler` is the way through AWS; the rest thinks.

#[cfg(test)]
mod call_tests;
pub mod decide;
#[cfg(test)]
mod decide_tests;
pub mod handler;
#[cfg(test)]
mod handler_tests;
pub mod migration;
pub mod plan;
pub mod rollout;
#[cfg(test)]
mod rollout_tests;
pub mod task_definition;
#[cfg(test)]
mod task_definition_tests;
pub mod why;
