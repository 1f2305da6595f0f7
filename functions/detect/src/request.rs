//! The requests that start the machine: an image push as EventBridge gives it, or what an operator types.

mod execution_request;
mod fields;
mod forms;
mod from_ci;
mod image;
mod own_repository;
mod push;
mod tag_policy;
mod traffic;
mod word;

pub use execution_request::{ExecutionRequest, MigrationStep, Request};
pub(crate) use forms::decides;
pub use forms::read;
pub(crate) use image::ImageName;
pub use own_repository::OwnRepository;
pub use tag_policy::TagPolicy;
pub use traffic::{MOST_STEPS, PlannedSteps, Shift, TrafficPolicy};
pub use word::{Says, Word};

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
