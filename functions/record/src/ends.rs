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
    /// Whether it was a release of the same build.
    fn is_of(&self, digest: &Digest, members: &[Digest]) -> bool {
        is_same_build((&self.digest, &self.members), (digest, members))
    }
}

impl QueuedRequest {
    /// Whether it is a push of the build that the release brings.
    pub(crate) fn is_push_of(&self, release: &Release) -> bool {
        let build = (&release.to_digest, release.members.as_slice());
        let pushed = self.pushed_digest.as_ref();
        pushed.is_some_and(|digest| is_same_build((digest, &self.pushed_members), build))
    }
}

/// Whether both are one image, or one is an index that holds the other.
fn is_same_build(one: (&Digest, &[Digest]), other: (&Digest, &[Digest])) -> bool {
    one.0 == other.0 || one.1.contains(other.0) || other.1.contains(one.0)
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

    /// A release of the build has ended stable: neither did it end badly, nor is there anything to release of it.
    pub(crate) fn forget_what_is_stable(&mut self, release: &Release) {
        let of_build = |end: &End| end.is_of(&release.to_digest, &release.members);
        self.ends.retain(|end| !of_build(end));
        self.held_back
            .take_if(|held_back| held_back.request.is_push_of(release));
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
