//! What every check may read.

use crate::look::{EnvironmentObservation, Fact, PushedImage, Snapshot};
use record::{Record, Time};
use shared::{Digest, Environment};
use std::collections::HashMap;

pub(crate) struct Evidence<'a> {
    pub snapshot: &'a Snapshot,
    /// What the repository knows of the images that run, and of a new one; one that it does not have is absent.
    pub images: &'a Fact<HashMap<Digest, PushedImage>>,
    pub record: &'a Record,
    pub now: Time,
}

impl Evidence<'_> {
    /// The environment that no rule forwards to, once that is known.
    pub(super) fn idle(&self) -> Option<Environment> {
        let active = self.snapshot.active.as_ref().ok()?;
        Some(active.other())
    }

    pub(super) fn environment(&self, environment: Environment) -> &EnvironmentObservation {
        self.snapshot.environments.get(environment)
    }

    pub(super) fn pushed_at(&self, digest: &Digest) -> Option<Time> {
        self.images.as_ref().ok()?.get(digest)?.pushed_at
    }
}
