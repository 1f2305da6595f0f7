//! How often something is looked at that may wait for days. A history has a bounded number of events, and each look costs
//! several: so the longer something has waited, the rarer it is looked at. Pure.

/// How often somebody looks, as parts of two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The next look comes after this part of the time that it has waited already.
    of_elapsed: i64,
    /// But no later than after this part of all the time that it may wait.
    of_total: i64,
    /// The first looks come after so many seconds at latest, as long as that leaves enough looks for all the time.
    first: i64,
}

/// A gate before the first flip. The worst delay of an answer is a 250th of the gate's time: 6 minutes of a day, 81 of 14
/// days; before that a 30th of the time that it was open, so 2 minutes after an hour.
pub const ASKING: Pace = Pace {
    of_elapsed: 30,
    of_total: 250,
    first: i64::MAX,
};

/// A request behind a release, a gate or a freeze. It begins at latest a 150th of the time late that those may take in all;
/// before that a 20th of the time that it has waited: 3 minutes after an hour. A freeze may end a moment after it began, so
/// the first looks do not wait for long.
pub const QUEUED: Pace = Pace {
    of_elapsed: 20,
    of_total: 150,
    first: 60,
};

/// A watch that people hold, or at a gate. Each look is a whole look of the watch, which costs the most events: the worst
/// delay is a ninetieth of all the time that people may take, before that a tenth of what they have taken. An alarm waits
/// for none of these looks.
pub const WATCHING: Pace = Pace {
    of_elapsed: 10,
    of_total: 90,
    first: i64::MAX,
};

/// The first looks come so many times as often as the last ones, however short `poll` is: that bounds their number.
const QUICKER: i64 = 80;

/// As [`QUICKER`], where the first looks are not to come late.
const QUICKEST: i64 = 450;

impl Pace {
    /// Seconds until the next look, `elapsed` seconds after the wait began, of `total` that it may last: at least `poll`, as
    /// what has just begun to wait is looked at.
    pub fn seconds(self, elapsed: i64, total: i64, poll: i64) -> i64 {
        let rarest = part(total, self.of_total);
        let longest = rarest.max(poll).max(1);
        let first = (rarest / QUICKER).min(self.first);
        let shortest = first.max(rarest / QUICKEST).max(poll).max(1);
        part(elapsed, self.of_elapsed).clamp(shortest, longest)
    }
}

/// This part of so many seconds, in whole ones: rounded up, so that there are no more looks than parts.
fn part(seconds: i64, parts: i64) -> i64 {
    seconds.max(0).saturating_add(parts - 1) / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn looks(pace: Pace, total: i64, poll: i64) -> usize {
        let next = |elapsed: &i64| Some(elapsed + pace.seconds(*elapsed, total, poll));
        let looks = std::iter::successors(Some(0), next);
        looks.take_while(|elapsed| *elapsed < total).count()
    }

    #[test]
    fn what_has_just_begun_to_wait_is_looked_at_often_and_later_rarer() {
        for (elapsed, expect) in [(0, 15), (450, 15), (HOUR, 120), (10 * HOUR, 346)] {
            assert_eq!(ASKING.seconds(elapsed, DAY, 15), expect, "{elapsed}");
        }
        assert_eq!(ASKING.seconds(0, 14 * DAY, 15), 60);
        assert_eq!(ASKING.seconds(10 * DAY, 14 * DAY, 15), 4839);
        assert_eq!(QUEUED.seconds(HOUR, DAY, 15), 180);
        assert_eq!(QUEUED.seconds(0, 28 * DAY, 15), 60);
        assert_eq!(QUEUED.seconds(0, 365 * DAY, 15), 467);
        assert_eq!(WATCHING.seconds(HOUR, DAY, 15), 360);
    }

    #[test]
    fn a_clock_that_was_set_back_and_a_time_of_nothing_are_looked_at_at_the_shortest() {
        assert_eq!(ASKING.seconds(-HOUR, DAY, 15), 15);
        assert_eq!(ASKING.seconds(i64::MAX, DAY, 15), 346);
        assert_eq!(QUEUED.seconds(DAY, 0, 0), 1);
    }

    #[test]
    fn the_longest_waits_fit_into_a_history() {
        for poll in [1, 15, 60] {
            for (pace, total, most) in [
                (ASKING, 28 * DAY + DAY, 390),
                (QUEUED, 23 * 14 * DAY, 276),
                (QUEUED, 365 * DAY, 276),
                (WATCHING, 21 * 14 * DAY + DAY, 140),
                (WATCHING, 199, 140),
                (ASKING, 499, 390),
            ] {
                let looks = looks(pace, total, poll);
                assert!(looks <= most, "{pace:?}: {looks} > {most}");
            }
        }
    }
}
