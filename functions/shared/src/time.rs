//! The type of every moment.

use chrono::SubsecRound;

/// A moment, in UTC.
pub type Time = chrono::DateTime<chrono::Utc>;

/// The whole second in which it is: what a person reads.
pub fn whole_second(time: Time) -> Time {
    time.trunc_subsecs(0)
}
