//! The words every function speaks: environments, plans, the release record and the names of errors.
//!
//! Nothing here calls AWS except the record's store (feature `record`) and the reading of routes (`routing`) and of
//! alarms (`alarms`); a function switches on only what its job needs.

#[cfg(feature = "alarms")]
pub mod alarms;
pub mod config;
pub mod environment;
pub mod error;
pub mod excerpt;
pub mod lambda;
pub mod plan;
pub mod record;
#[cfg(feature = "routing")]
pub mod routing;
#[cfg(feature = "record")]
pub mod store;
#[cfg(feature = "routing")]
pub mod targets;

pub use environment::{Environment, PerEnvironment, SLOT_VARIABLE};
pub use error::Error;
pub use excerpt::excerpt;
pub use plan::{Image, Migration, Plan, Side, Target};
