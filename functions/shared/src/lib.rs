//! The words every function speaks: environments, ids, the release plan and the names of errors.
//!
//! The edges to AWS that several functions share stand here too, each behind a feature (`alarms`, `ecs`,
//! `executions`, `routing`, `scan`): a function switches on only what its job needs, so that its manifest still lists its
//! privileges.

#[cfg(feature = "alarms")]
pub mod alarms;
#[cfg(feature = "aws")]
pub mod aws;
mod base_url;
mod check;
pub mod config;
#[cfg(feature = "ecs")]
pub mod ecs;
pub mod emf;
mod environment;
mod error;
mod excerpt;
#[cfg(feature = "executions")]
pub mod executions;
mod failure_reason;
mod ids;
mod listed;
mod mode;
pub mod pace;
pub mod pattern;
#[cfg(feature = "aws")]
pub mod polling;
mod refusal;
mod release_plan;
#[cfg(feature = "routing")]
pub mod routing;
pub mod run_task;
pub mod runtime;
#[cfg(feature = "scan")]
pub mod scan;
#[cfg(feature = "routing")]
pub mod targets;
mod time;
mod traffic;

pub use base_url::base_url;
pub use check::{CheckResult, CheckedTargets};
pub use environment::{Environment, PerEnvironment, SLOT_VARIABLE};
pub use error::Error;
pub use excerpt::{excerpt, one_line, sentence};
pub use failure_reason::FailureReason;
pub use ids::{Digest, ExecutionArn, LeaseOwner, ReleaseId};
pub use listed::{MOST_TARGETS, first_targets, fitting, listed, within};
pub use mode::{VerdictMode, WhenStopped};
pub use refusal::Refusal;
pub use release_plan::{
    EnvironmentSnapshot, Image, MigrationTask, PendingScan, ReleasePlan, Target,
};
pub use time::{Time, whole_second};
pub use traffic::{
    MOST_SECONDS_OF_STEPS, OriginalForward, Share, Splits, Step, Traffic, WeightedGroup,
};
