//! What a status is made of.

use super::policy::DecisionPolicy;
use crate::look::Snapshot;
use record::{Record, Release, Time};
use shared::Digest;

/// What a status is made of.
pub(super) struct Observed<'a> {
    pub service: &'a str,
    pub repository: &'a str,
    pub record: &'a Record,
    pub snapshot: &'a Snapshot,
    /// Ended releases, the latest first.
    pub history: &'a [Release],
    /// The execution that holds the record has ended without releasing it.
    pub dead_holder: bool,
    /// The newest request waits.
    pub newest_waits: bool,
    pub policy: &'a DecisionPolicy,
    pub now: Time,
}

impl Observed<'_> {
    /// The tag with which this image was released last.
    pub(super) fn tag_of(&self, digest: Option<&Digest>) -> Option<String> {
        let digest = digest?;
        let mut releases = self.record.release.iter().chain(self.history);
        releases.find_map(|it| it.tag.clone().filter(|_| it.to_digest == *digest))
    }
}
