//! How time passes in the model.

use crate::clock::{at, tick_of};
use crate::item::Item;
use crate::process::Step;
use crate::world::World;
use record::Record;

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
        self.age_leftover();
        let mut record = Record::clone(&self.record.0);
        if let Some(lease) = record.lease.as_mut() {
            lease.until = at(tick_of(lease.until).max(self.now + 1) - 1);
        }
        let moments = self.moments();
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
        self.record = Item::from(record);
    }

    /// The moments that somebody remembers, in order.
    fn moments(&self) -> Vec<u8> {
        let release = self.record.0.release.as_ref();
        let flipped_at = release.and_then(|it| it.flipped_at);
        let executions = self.executions.iter().filter_map(|it| it.flipped_at);
        let mut moments: Vec<u8> = executions
            .chain(self.deliveries.iter().map(|it| it.changed_at))
            .chain(flipped_at.map(tick_of))
            .collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}
