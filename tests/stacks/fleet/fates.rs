//! What became of a fleet, in numbers.

use super::release::Fate;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Default)]
pub struct Fates {
    /// Each release, with the seconds that it took.
    pub releases: Vec<(Fate, f64)>,
    /// Each alarm, with the seconds until it had flipped back; none where it was lost.
    pub alarms: Vec<Option<f64>>,
}

impl Fates {
    fn percent(&self, is: impl Fn(&Fate) -> bool) -> f64 {
        let count = self.releases.iter().filter(|(fate, _)| is(fate)).count();
        100.0 * count as f64 / self.releases.len() as f64
    }

    pub fn released_percent(&self) -> f64 {
        self.percent(|fate| *fate == Fate::Released)
    }

    pub fn flipped_back_percent(&self) -> f64 {
        self.percent(|fate| matches!(fate, Fate::FlippedBack(_)))
    }

    pub fn slowest_alarm(&self) -> f64 {
        self.alarms.iter().flatten().copied().fold(0.0, f64::max)
    }

    pub fn alarms_lost(&self) -> usize {
        self.alarms.iter().filter(|it| it.is_none()).count()
    }

    /// How many releases each state ended that would have gone on.
    fn ended(&self) -> BTreeMap<Fate, usize> {
        let mut ended = BTreeMap::new();
        for (fate, _) in &self.releases {
            *ended.entry(*fate).or_default() += 1;
        }
        ended.remove(&Fate::Released);
        ended
    }
}

impl fmt::Display for Fates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let released = self.releases.iter().filter(|it| it.0 == Fate::Released);
        let slowest = released.map(|it| it.1).fold(0.0, f64::max);
        write!(
            f,
            "released={:.1}% failed={:.1}% flipped_back={:.1}% slowest_release_s={slowest:.0} alarms={} \
             alarm_slowest_s={:.1} alarms_lost={}",
            self.released_percent(),
            self.percent(|fate| matches!(fate, Fate::Failed(_))),
            self.flipped_back_percent(),
            self.alarms.len(),
            self.slowest_alarm(),
            self.alarms_lost(),
        )?;
        for (fate, count) in self.ended() {
            write!(f, " {fate:?}={count}")?;
        }
        Ok(())
    }
}
