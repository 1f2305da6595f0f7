//! How time passes in the model.

use crate::clock::{at, tick_of};
use crate::item::Item;
use crate::process::Step;
use crate::world::World;
use record::{Record, Time};

impl World {
    /// One tick passes: the clock stands still, and everything else moves into the past.
    ///
    /// Of moments in the past only the order counts, so they are put next to each other, and a lease that is over
    /// is over however long ago: what differs in nothing that anybody can ask is one state.
    pub fn pass_time(&mut self, minds_shares: bool) {
        for it in &mut self.tries {
            it.began = it.began.saturating_sub(1);
            if let Step::Write(_, writing) = &mut it.step {
                writing.unanswered.iter_mut().for_each(|it| it.until -= 1);
            }
        }
        for write in &mut self.writes {
            write.until -= 1;
        }
        self.age_leftover();
        let mut record = Record::clone(&self.record.0);
        let now = self.now;
        for until in deadlines(&mut record) {
            *until = at(tick_of(*until).max(now + 1) - 1);
        }
        let moments = self.moments(remembered(&mut record, minds_shares));
        let past = |tick: u8| {
            let later = moments.iter().filter(|moment| **moment > tick).count();
            now - 1 - u8::try_from(later).expect("a few moments")
        };
        for execution in &mut self.executions {
            execution.flipped_at = execution.flipped_at.map(past);
        }
        for word in &mut self.words {
            word.at = past(word.at);
        }
        for delivery in &mut self.deliveries {
            delivery.changed_at = past(delivery.changed_at);
        }
        for time in remembered(&mut record, minds_shares) {
            *time = at(past(tick_of(*time)));
        }
        self.record = Item::from(record);
    }

    /// The moments that somebody remembers, in order.
    fn moments(&self, recorded: Vec<&mut Time>) -> Vec<u8> {
        let executions = self.executions.iter().filter_map(|it| it.flipped_at);
        let mut moments: Vec<u8> = executions
            .chain(self.deliveries.iter().map(|it| it.changed_at))
            .chain(self.words.iter().map(|it| it.at))
            .chain(recorded.into_iter().map(|time| tick_of(*time)))
            .collect();
        moments.sort_unstable();
        moments.dedup();
        moments
    }
}

/// What is over one day: the lease, the gate, the hold.
fn deadlines(record: &mut Record) -> Vec<&mut Time> {
    let lease = record.lease.as_mut().map(|it| &mut it.until);
    let gate = record.gate.as_mut().filter(|it| it.outcome.is_none());
    let hold = record.release.as_mut().and_then(|it| it.hold.as_mut());
    let hold = hold.filter(|it| it.ended.is_none());
    let gate = gate.map(|it| &mut it.until);
    lease
        .into_iter()
        .chain(gate)
        .chain(hold.map(|it| &mut it.until))
        .collect()
}

/// The moments in the record that somebody compares with another one.
fn remembered(record: &mut Record, minds_shares: bool) -> Vec<&mut Time> {
    let gate = record.gate.as_mut().filter(|it| it.outcome.is_none());
    let freeze = record.freeze.as_mut();
    let freeze = freeze.map(|it| &mut it.ended.as_mut().unwrap_or(&mut it.decision).at);
    let mut times: Vec<&mut Time> = gate
        .map(|it| &mut it.opened_at)
        .into_iter()
        .chain(freeze)
        .collect();
    if let Some(release) = record.release.as_mut() {
        let since = release.share_since.as_mut().filter(|_| minds_shares);
        times.extend(release.flipped_at.as_mut().into_iter().chain(since));
        let hold = release.hold.as_mut();
        times.extend(hold.map(|it| &mut it.ended.as_mut().unwrap_or(&mut it.decision).at));
    }
    times
}
