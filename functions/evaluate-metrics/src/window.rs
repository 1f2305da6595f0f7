//! The time of which CloudWatch's points are read.

use crate::recent::is_baseline_lost;
use crate::snapshot::minute_of;
use chrono::TimeDelta;
use shared::Time;
use std::ops::Range;

/// The time that is read.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Where the baseline begins.
    pub from: Time,
    pub flipped_at: Time,
    pub now: Time,
}

impl Window {
    /// What is read of it: all, or of a release that people have kept waiting for days, its first day and the last one.
    /// Three days have 60,480 points, and one answer of CloudWatch holds 100,800.
    pub(crate) fn parts(&self) -> Vec<Range<Time>> {
        let day = TimeDelta::days(1);
        let first = minute_of(self.from)..minute_of(self.flipped_at + day);
        // The minute that is not over yet as well.
        let last = minute_of(self.now - day)..self.now + TimeDelta::minutes(1);
        if last.start <= first.end {
            vec![first.start..last.end]
        } else if is_baseline_lost(self.flipped_at, self.now) {
            vec![last]
        } else {
            vec![first, last]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of what is read, in hours since the first flip.
    fn parts(hours: i64) -> Vec<(i64, i64)> {
        let flipped_at = fixtures::at(0);
        let window = Window {
            from: flipped_at - TimeDelta::hours(1),
            flipped_at,
            now: flipped_at + TimeDelta::hours(hours),
        };
        let hours = |time: Time| (time - flipped_at).num_hours();
        let parts = window.parts().into_iter();
        parts.map(|it| (hours(it.start), hours(it.end))).collect()
    }

    #[test]
    fn of_many_days_the_first_and_the_last_are_read_as_long_as_cloudwatch_keeps_them() {
        assert_eq!(parts(1), [(-1, 1)]);
        assert_eq!(parts(48), [(-1, 48)]);
        assert_eq!(parts(49), [(-1, 24), (25, 49)]);
        assert_eq!(parts(14 * 24), [(-1, 24), (13 * 24, 14 * 24)]);
        assert_eq!(parts(15 * 24), [(14 * 24, 15 * 24)]);
    }
}
