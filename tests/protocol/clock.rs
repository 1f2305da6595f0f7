//! The model's time, counted in ticks: a function lives one tick, the lease's margin is another.

use chrono::DateTime;
use record::{Lease, Time};

/// One tick, in seconds.
pub const TICK_SECONDS: i64 = Lease::MARGIN_SECONDS;

/// A tick as the project's code knows it.
pub fn at(tick: u8) -> Time {
    let seconds = 1_800_000_000 + i64::from(tick) * TICK_SECONDS;
    DateTime::from_timestamp(seconds, 0).expect("a valid time")
}

pub fn tick_of(time: Time) -> u8 {
    u8::try_from((time - at(0)).num_seconds() / TICK_SECONDS).expect("a tick of the model")
}
