//! The step of a release that is judged, and which minutes judge it.

use crate::snapshot::{Snapshot, minute_of};
use chrono::TimeDelta;
use shared::{Environment, Error, ReleasePlan, Share, Step, Time, Traffic};

/// So late CloudWatch usually is, in seconds.
pub(crate) const METRICS_DELAY_SECONDS: i64 = 60;

/// So late it may be where a step goes on beyond its end, in seconds; more where the grace is longer.
const MOST_DELAY_SECONDS: i64 = 180;

/// So much longer than the grace a step lasts where only reads are missing, in seconds: 300 releases at once are through
/// the account's throttles before (`tests/stacks`). The state machine bounds a watch by as much.
pub const UNREAD_SECONDS: i64 = 600;

/// What a plan without steps is watched for: that of an execution that began before there were any.
const UNNAMED_STEP: Step = Step {
    share: Share::ALL,
    seconds: 120,
};

/// One step of one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    pub to: Environment,
    pub step: Step,
    /// 0 for the first step.
    pub number: usize,
    /// How many steps the release has.
    pub steps: usize,
    /// When the version that was active before the flip became so, where it is known.
    pub active_since: Option<Time>,
}

impl Watch {
    /// The step `number` of a plan, the first being 0.
    ///
    /// # Errors
    /// `InvalidInput` where the plan has no such step.
    pub fn of(plan: &ReleasePlan, number: usize) -> Result<Watch, Error> {
        let steps = steps(plan);
        let missing = || {
            let count = steps.len();
            Error::InvalidInput(format!(
                "expected a step below {count}, as the plan has {count}, found {number}"
            ))
        };
        Ok(Watch {
            to: plan.to,
            step: *steps.get(number).ok_or_else(missing)?,
            number,
            steps: steps.len(),
            active_since: plan.active_since,
        })
    }

    /// Both environments serve at once, so that they are compared in the same minutes.
    pub fn is_concurrent(&self) -> bool {
        !self.step.share.is_all()
    }

    /// The step has lasted as long as it should.
    pub(crate) fn is_over(&self, share_since: Time, now: Time) -> bool {
        (now - share_since).num_seconds() >= i64::from(self.step.seconds)
    }

    /// Where the rules must send traffic.
    pub(crate) fn traffic(&self) -> Traffic {
        Traffic {
            to: self.to,
            share: self.step.share,
        }
    }

    /// When that began by which the step is judged: with the flip to its share. A step that people let go on beyond its end
    /// and its grace is judged as if it had begun so much later: what is bad now is not diluted by days of good minutes. One
    /// that goes on only because AWS could not be read loses no minute for it.
    pub(crate) fn began(&self, snapshot: &Snapshot, grace_seconds: i64) -> Time {
        let late = TimeDelta::seconds(grace_seconds.max(MOST_DELAY_SECONDS));
        let length = TimeDelta::seconds(i64::from(self.step.seconds)) + late;
        let share_since = snapshot.share_since;
        let since = snapshot.inconclusive_since;
        let unread = if since.is_some_and(|since| since <= share_since + length) {
            UNREAD_SECONDS
        } else {
            0
        };
        share_since.max(snapshot.now - length - TimeDelta::seconds(unread))
    }

    pub(crate) fn minutes_left_out(&self) -> i64 {
        minutes_left_out(self.step, self.number)
    }

    /// The end of the last minute that CloudWatch must have reported at the step's end. While both environments serve,
    /// the step is long enough for CloudWatch's delay; at its end nothing is waited for that is late as usual.
    pub(crate) fn must_cover(&self, share_since: Time) -> Time {
        let delay = if self.is_concurrent() {
            METRICS_DELAY_SECONDS
        } else {
            0
        };
        minute_of(share_since + TimeDelta::seconds(i64::from(self.step.seconds) - delay))
    }
}

/// Minutes at a step's beginning that judge nothing while both environments serve: the one of the flip, in which the share
/// changed, and at the first step the first whole one, in which a fresh environment warms up.
pub(crate) fn minutes_left_out(step: Step, number: usize) -> i64 {
    match (step.share.is_all(), number) {
        (true, _) => 0,
        (false, 0) => 2,
        (false, _) => 1,
    }
}

/// The steps of a plan; never none.
pub(crate) fn steps(plan: &ReleasePlan) -> &[Step] {
    if plan.steps.is_empty() {
        &[UNNAMED_STEP]
    } else {
        &plan.steps
    }
}

/// How long a minute of an earlier environment's version is no part of the baseline: what became active within a minute
/// shared that minute.
pub(crate) fn baseline_from(flipped_at: Time, seconds: i64, active_since: Option<Time>) -> Time {
    let from = flipped_at - TimeDelta::seconds(seconds);
    let own = active_since.map(|since| minute_of(since) + TimeDelta::minutes(1));
    own.map_or(from, |own| own.max(from))
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
