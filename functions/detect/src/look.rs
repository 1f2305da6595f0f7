//! Everything that observes the world; nothing here writes.
//!
//! `environments` reads the live rules and what runs behind them, `resolve` finds the image that a request names and
//! what its `manifest` says that it is, `same_build` whether that build is live, `repository` says what ECR knows of
//! images, `image_facts` what it says of those that a stack may keep out by its `image_policy`. `facts` gathers what
//! speaks for or against a release; a fact that cannot be looked up does not stop a release: it becomes a finding that
//! says so.
//!
//! What needs no other answer is asked side by side: a release waits for each answer after another before it begins.

mod alarms;
mod artifact;
mod environments;
mod fact;
mod facts;
mod image_facts;
mod image_policy;
mod listener_rules;
mod lookups;
mod manifest;
mod names;
mod observer;
mod platform;
mod platforms;
mod repository;
mod resolve;
mod revision;
mod revisions;
mod same_build;
mod tags;

pub(crate) use alarms::RollbackAlarm;
pub use environments::service_names;
pub(crate) use environments::{EnvironmentObservation, Snapshot, observe};
pub(crate) use fact::Fact;
pub(crate) use facts::{Facts, gather_facts};
pub(crate) use image_facts::ImageScan;
pub use image_policy::{ImagePolicy, MutableTags};
pub(crate) use listener_rules::ListenerRule;
pub(crate) use lookups::{Attributes, NamedResource};
pub(crate) use observer::{Clients, Observer};
pub(crate) use platforms::platform;
pub(crate) use repository::{PushTimes, push_times};
pub(crate) use resolve::{RequestedImage, live_image, resolve};
pub(crate) use same_build::{live_holds, same_build};
#[cfg(test)]
pub(crate) use tags::TagMutability;
