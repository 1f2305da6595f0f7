//! What a look has to read: an account bears only so many calls, and what cannot have changed need not be asked for again.
//! Pure.

use crate::snapshot::minute_of;
use crate::watch::Watch;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use shared::Time;

/// Flip has read the rules back when it was done, and only a person changes them after that.
const RULES_SECONDS: i64 = 60;

/// CloudWatch evaluates an alarm once a minute (or every 10 s, if it is paid for): Check alarms has just seen them before
/// the flip, and the stack's own as well as those in `RollbackAlarmNames` flip back without any look.
const ALARMS_SECONDS: i64 = 30;

/// What looks remember of those before: when that was last read which not every look reads (none: not since the machine
/// began), and since when each of them has found the targets failing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastRead {
    pub rules: Option<Time>,
    pub alarms: Option<Time>,
    pub failing: Option<Time>,
}

/// Whether a look reads this. The targets' health belongs to every look: a failure must be found twice in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) rules: bool,
    pub(crate) alarms: bool,
    pub(crate) metrics: bool,
}

impl Due {
    const ALL: Due = Due {
        rules: true,
        alarms: true,
        metrics: true,
    };

    /// What is due `now`, in a step that began at `share_since`; everything from its end on, or where `last` is none: there
    /// the release may go on by this look.
    pub(crate) fn at(now: Time, share_since: Time, watch: &Watch, last: Option<LastRead>) -> Due {
        let Some(last) = last.filter(|_| !watch.is_over(share_since, now)) else {
            return Due::ALL;
        };
        // What was read at an earlier step says nothing of this one.
        let seconds = |read: Option<Time>| {
            let since = read.map_or(share_since, |read| read.max(share_since));
            (now - since).num_seconds()
        };
        Due {
            rules: seconds(last.rules) >= RULES_SECONDS,
            alarms: seconds(last.alarms) >= ALARMS_SECONDS,
            // The load balancer reports a minute when it is over.
            metrics: now >= minute_of(share_since) + TimeDelta::minutes(1),
        }
    }
}

#[cfg(test)]
#[path = "due_tests.rs"]
mod tests;
