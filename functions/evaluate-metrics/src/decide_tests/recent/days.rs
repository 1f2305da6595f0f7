//! A day of waiting, by chance: no look of many flips a good release back, and a fault that begins after it is found.

use super::*;

/// A minute, and so 100 a second, of its own.
const REQUESTS: f64 = 6_000.0;

/// Xorshift, so that each run is the same.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A Poisson count, as by Knuth.
    fn count(&mut self, mean: f64) -> f64 {
        let limit = (-mean).exp();
        let mut product = self.next();
        let mut count = 0.0;
        while product > limit {
            product *= self.next();
            count += 1.0;
        }
        count
    }
}

/// A release of so many minutes, of whose requests one in a thousand fails, and this part more of the new environment's
/// from a day after the flip on.
fn by_chance(minutes: i64, watch: &Watch, fault: f64, random: &mut Random) -> Metrics {
    let mut snapshot = after(minutes, watch, REQUESTS);
    let mut metrics = metrics_of(&mut snapshot).clone();
    let begins = noon() + TimeDelta::days(1);
    let mut draw = |minute: &mut MinuteMetrics, fault: f64| {
        let rate = 0.001 + if minute.at >= begins { fault } else { 0.0 };
        minute.target_5xx = minute.requests.map(|it| random.count(it * rate));
    };
    metrics.new.iter_mut().for_each(|it| draw(it, fault));
    metrics.previous.iter_mut().for_each(|it| draw(it, 0.0));
    metrics
}

/// The verdict so many minutes after the flip, when CloudWatch has reported all but the last minute.
fn look(release: &Metrics, minutes: i64, watch: &Watch) -> Verdict {
    let mut snapshot = after(0, watch, REQUESTS);
    snapshot.now += TimeDelta::minutes(minutes);
    let now = snapshot.now;
    let is_there = |minute: &&MinuteMetrics| {
        let reported = minute.at + TimeDelta::seconds(120) <= now;
        // What no look reads would only take time here.
        let is_read = minute.at < noon() || minute.at > now - TimeDelta::minutes(30);
        reported && is_read
    };
    let of = |minutes: &[MinuteMetrics]| minutes.iter().filter(is_there).cloned().collect();
    snapshot.metrics = Some(Ok(Metrics {
        previous: of(&release.previous),
        new: of(&release.new),
        gaps: Vec::new(),
    }));
    judge(&snapshot, watch, &policy()).verdict
}

#[test]
fn a_look_every_five_minutes_flips_no_good_release_back_in_a_day() {
    let mut random = Random(88_172_645_463_325_252);
    for watch in [a_tenth(), all_at_once(120)] {
        for _ in 0..20 {
            let release = by_chance(DAY, &watch, 0.0, &mut random);
            let mut looks = (10..DAY).step_by(5);
            let bad = looks.find(|at| look(&release, *at, &watch) == Verdict::Unhealthy);
            assert_eq!(bad, None);
        }
    }
}

#[test]
fn a_fault_of_one_per_cent_after_a_day_is_found_within_minutes() {
    let mut random = Random(88_172_645_463_325_252);
    for watch in [a_tenth(), all_at_once(120)] {
        for _ in 0..20 {
            let release = by_chance(DAY + 30, &watch, 0.01, &mut random);
            let mut looks = DAY..DAY + 30;
            let found = looks.find(|at| look(&release, *at, &watch) == Verdict::Unhealthy);
            assert!(found.is_some_and(|it| it <= DAY + 4), "{found:?}");
        }
    }
}
