//! The model's time: a function lives one tick, the lease's margin is another.

use crate::process::Step;
use crate::world::{Item, World};
use chrono::DateTime;
use shared::record::{Record, Time};
use std::sync::Arc;

/// One tick of the model's clock, in seconds: a function lives one tick, the lease's margin is another.
const TICK_SECONDS: i64 = shared::record::Lease::MARGIN_SECONDS;

/// The model's clock, counted in ticks, as the project's code sees it.
pub fn at(tick: u8) -> Time {
    let seconds = 1_800_000_000 + i64::from(tick) * TICK_SECONDS;
    DateTime::from_timestamp(seconds, 0).expect("a valid time")
}

fn tick_of(time: Time) -> u8 {
    u8::try_from((time - at(0)).num_seconds() / TICK_SECONDS).expect("a tick of the model")
}

impl World {
    /// One tick passes: the clock stands still, and everything else moves into the past.
    ///
    /// Of moments in the past only the order counts, so they are put next to each other, and a lease that is over
    /// is over however long ago: what differs in nothing that anybody can ask is one state.
    pub fn pass_time(&mut self) {
        for it in &mut self.tries {
            it.began = it.began.saturating_sub(1);
            if let Step::Sent(_, write, _) = &mut it.step {
                write.until -= 1;
            }
        }
        for write in &mut self.writes {
            write.until -= 1;
        }
        let mut record = Record::clone(&self.record.0);
        if let Some(lease) = record.writer.as_mut() {
            lease.until = at(tick_of(lease.until).max(self.now + 1) - 1);
        }
        let flipped_at = record.release.as_ref().and_then(|it| it.flipped_at);
        let executions = self.executions.iter().filter_map(|it| it.flipped_at);
        let mut moments: Vec<u8> = executions
            .chain(self.deliveries.iter().map(|it| it.changed_at))
            .chain(flipped_at.map(tick_of))
            .collect();
        moments.sort_unstable();
        moments.dedup();
        let now = self.now;
        let past = |tick: u8| {
            let later = moments.iter().filter(|moment| **moment > tick).count();
            now - 1 - u8::try_from(later).expect("a few moments")
        };
        for execution in &mut self.executions {
            execution.flipped_at = execution.flipped_at.map(past);
        }
        for delivery in &mut self.deliveries {
            delivery.changed_at = past(delivery.changed_at);
        }
        if let Some(release) = record.release.as_mut() {
            release.flipped_at = release.flipped_at.map(|time| at(past(tick_of(time))));
        }
        self.record = Item(Arc::new(record));
    }
}
