//! Everything that observes the world; nothing here writes.
//!
//! `environments` reads the live rules and what runs behind them, `resolve` finds the image that a request names,
//! `repository` says what ECR knows of images. `facts` gathers what speaks for or against a release; a fact that cannot
//! be looked up does not stop a release.

mod environments;
mod fact;
mod facts;
mod lookups;
mod names;
mod platforms;
mod repository;
mod resolve;

pub use environments::service_names;
pub(crate) use environments::{EnvironmentObservation, EnvironmentReader, Snapshot, observe};
pub(crate) use fact::{Fact, Unknown};
pub(crate) use facts::{AlarmObservation, FactReader, Facts, gather_facts};
pub(crate) use lookups::{Attributes, NamedResource};
pub(crate) use repository::{PushedImage, Repository, image_by_digest, pushed_images};
pub(crate) use resolve::resolve;
