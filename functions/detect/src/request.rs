//! The requests that start the machine: an image push as EventBridge gives it, or what an operator types.

mod execution_request;
mod forms;
mod image;

pub use execution_request::{ExecutionRequest, MigrationStep, Request};
pub use forms::read;

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
