//! How long something may wait for people, and when it is looked at next. Pure.

use super::policy::DecisionPolicy;
use crate::request::MOST_STEPS;
use record::{Approval, ApprovalBefore, Record, Time};
use shared::pace;

/// What a release takes at most without people, in seconds: its steps and graces, two deployments and its flips, and each
/// task once as long as it waits for an account that AWS throttles.
const RELEASE_SECONDS: i64 = 68_530;

/// How long a freeze without an end is expected to last at most, in seconds. A request waits somewhat longer for it; with the
/// longest freeze that there can be, it would notice the end of a short one too late.
const OPEN_FREEZE_SECONDS: i64 = 28 * 86_400;

/// How long people may take before the first flip, in seconds.
pub fn seconds_before_flip(approval: Option<&Approval>, hold_seconds: u32) -> i64 {
    let wants = |it| wants(approval, it);
    let flip = wants(ApprovalBefore::Flip) || wants(ApprovalBefore::EachStep);
    let gates = u32::from(wants(ApprovalBefore::Commands)) + u32::from(flip);
    in_all(approval, gates, hold_seconds)
}

/// How long people may take during the watch of a release in so many steps, in seconds.
pub fn seconds_in_watch(approval: Option<&Approval>, steps: u32, hold_seconds: u32) -> i64 {
    let each = wants(approval, ApprovalBefore::EachStep);
    let between = if each { steps.saturating_sub(1) } else { 0 };
    let gates = between + u32::from(wants(approval, ApprovalBefore::Finish));
    in_all(approval, gates, hold_seconds)
}

/// How long a request may wait behind a release with this policy, in seconds: whatever its number of steps is.
pub fn seconds_behind(approval: Option<&Approval>, hold_seconds: u32) -> i64 {
    let steps = u32::try_from(MOST_STEPS).unwrap_or(u32::MAX);
    let watch = seconds_in_watch(approval, steps, hold_seconds);
    RELEASE_SECONDS + seconds_before_flip(approval, hold_seconds) + watch
}

/// When a request that waits asks again, in seconds. It began to wait at `since`.
pub(crate) fn behind(policy: &DecisionPolicy, record: &Record, since: Time, now: Time) -> i64 {
    let elapsed = (now - since).num_seconds();
    let release = record.release.as_ref();
    let approval = release.and_then(|release| release.approval.as_ref());
    let total = match record.freeze_at(now).map(|freeze| freeze.until) {
        Some(until) => until.map_or(OPEN_FREEZE_SECONDS, |until| (until - since).num_seconds()),
        None => seconds_behind(approval, policy.hold_seconds),
    };
    pace::QUEUED.seconds(elapsed, total, policy.poll_seconds)
}

fn wants(approval: Option<&Approval>, before: ApprovalBefore) -> bool {
    approval.is_some_and(|it| it.before.contains(&before))
}

fn in_all(approval: Option<&Approval>, gates: u32, hold_seconds: u32) -> i64 {
    let each = approval.map_or(0, |it| i64::from(it.seconds));
    i64::from(gates) * each + i64::from(hold_seconds)
}

#[cfg(test)]
#[path = "patience_tests.rs"]
mod tests;
