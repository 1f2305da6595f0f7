//! Builds whose last release ended badly: a push does not release one again, and an operator who names it does.

use crate::queued::QueuedRequest;
use crate::record::{End, Record};
use crate::release::Release;
use shared::{Digest, FailureReason, excerpt};

/// Bad ends that the record remembers.
const REMEMBERED: usize = 20;

/// The state machine's names for ends that speak against the build. After any other one, such as `AwsUnavailable` or
/// `AlarmBeforeFlip`, the build may be as good as before.
pub const BUILD_FAILURES: [&str; 10] = [
    "SmokeTestFailed",
    "DeploymentFailed",
    "DeploymentTimedOut",
    "MigrationFailed",
    "ReleaseUnhealthy",
    "WatchDidNotEnd",
    "RollbackRequested",
    "ApprovalRejected",
    "ApprovalTimedOut",
    "StopRequested",
];

impl End {
    /// Whether it was a release of the same build: of this image, of one in it, or of an index that holds it.
    fn is_of(&self, digest: &Digest, members: &[Digest]) -> bool {
        self.digest == *digest || members.contains(&self.digest) || self.members.contains(digest)
    }
}

impl Record {
    /// Remembers how a release ended, where that speaks against its build; the first reason of a release stays.
    pub(crate) fn remember_bad_end(&mut self, release: &Release, reason: &FailureReason) {
        let known = self.ends.iter().any(|end| end.release == release.id);
        if known || !speaks_against_the_build(reason) {
            return;
        }
        self.ends.retain(|end| end.digest != release.to_digest);
        self.ends.push(End {
            digest: release.to_digest.clone(),
            members: release.members.clone(),
            release: release.id.clone(),
            reason: excerpt(&reason.to_string()),
        });
        let surplus = self.ends.len().saturating_sub(REMEMBERED);
        self.ends.drain(..surplus);
    }

    /// A release of the build has ended stable.
    pub(crate) fn forget_bad_ends(&mut self, release: &Release) {
        let of_build = |end: &End| end.is_of(&release.to_digest, &release.members);
        self.ends.retain(|end| !of_build(end));
    }

    /// How the last release of the pushed build ended, if badly; none for an operator's request, and for the execution that
    /// is releasing the build now.
    pub(crate) fn bad_end_of(&self, request: &QueuedRequest) -> Option<&End> {
        let digest = request.pushed_digest.as_ref()?;
        let holds = self.holder.as_ref() == Some(&request.execution);
        let mut latest_first = self.ends.iter().rev();
        latest_first.find(|end| !holds && end.is_of(digest, &request.pushed_members))
    }
}

/// Words of its own are an alarm's, or those of somebody who flips back by hand.
fn speaks_against_the_build(reason: &FailureReason) -> bool {
    match reason {
        FailureReason::Words(_) => true,
        FailureReason::Failure { error, .. } => BUILD_FAILURES.contains(&error.as_str()),
    }
}

#[cfg(test)]
#[path = "ends_tests.rs"]
mod tests;
