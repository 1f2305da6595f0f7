//! The grid: services with steady traffic and independent errors, released well and badly, all at once, and reported by
//! CloudWatch sooner or later.

use crate::defaults::{ALL_AT_ONCE, policy};
use crate::judges::{article, at_end_of_watch, fixed_rate, verdict};
use crate::parallel;
use crate::release::Release;
use crate::world::{Service, random};
use evaluate_metrics::policy::Policy;

/// Requests a second.
pub const TRAFFIC: [f64; 10] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 5000.0];

/// The part of the requests that always fails.
pub const BASE: [f64; 7] = [0.0, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01];

/// The part of the requests that fails more after a bad release.
pub const FAULT: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0];

/// Seconds by which CloudWatch is late.
pub const DELAY: [f64; 5] = [0.0, 30.0, 60.0, 120.0, 180.0];

/// Minutes from the flip's on: the longest watch needs no more.
const MINUTES: usize = 6;

/// This project's verdict, the article's rule, a fixed rate of 1 %.
pub const JUDGES: usize = 3;

/// How often each of the judges flipped back, as a part of the runs; and when the verdict kept or flipped back, in
/// seconds after the flip, on average.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    pub flipped_back: [f64; JUDGES],
    pub kept_after: f64,
    pub flipped_back_after: f64,
}

/// All cells of one kind of service.
pub struct Row {
    pub traffic: f64,
    pub base: f64,
    /// By delay.
    pub good: [Part; DELAY.len()],
    /// By fault and delay.
    pub bad: [[Part; DELAY.len()]; FAULT.len()],
}

/// How many releases of each kind are tried.
#[derive(Clone, Copy)]
pub struct Runs {
    pub good: u64,
    pub bad: u64,
}

/// The rows in the grid's order.
pub fn run(runs: Runs) -> Vec<Row> {
    parallel::rows(TRAFFIC.len() * BASE.len(), |number| row(number, runs))
}

fn row(number: usize, runs: Runs) -> Row {
    let (traffic, base) = (TRAFFIC[number / BASE.len()], BASE[number % BASE.len()]);
    let service = Service::steady(traffic, base);
    let mut row = Row {
        traffic,
        base,
        good: Default::default(),
        bad: Default::default(),
    };
    let policy = policy();
    for run in 0..runs.good {
        let release = Release::new(service, MINUTES, random(number, run));
        judged(&mut row.good, &release, 0.0, &policy);
        for (bad, fault) in row.bad.iter_mut().zip(FAULT).filter(|_| run < runs.bad) {
            judged(bad, &release, fault, &policy);
        }
    }
    row.good.iter_mut().for_each(|it| it.divide(runs.good));
    let bad = row.bad.as_flattened_mut().iter_mut();
    bad.for_each(|it| it.divide(runs.bad));
    row
}

/// Adds what the judges make of a release, for each delay.
fn judged(parts: &mut [Part; DELAY.len()], release: &Release, fault: f64, policy: &Policy) {
    for (part, delay) in parts.iter_mut().zip(DELAY) {
        let ours = verdict(release, fault, ALL_AT_ONCE, delay, policy);
        let minutes = at_end_of_watch(release, fault, delay);
        let judges = [ours.flipped_back, article(&minutes), fixed_rate(&minutes)];
        for (count, flipped_back) in part.flipped_back.iter_mut().zip(judges) {
            *count += f64::from(u8::from(flipped_back));
        }
        if ours.flipped_back {
            part.flipped_back_after += ours.seconds;
        } else {
            part.kept_after += ours.seconds;
        }
    }
}

impl Part {
    /// Makes parts of counts.
    fn divide(&mut self, runs: u64) {
        let (runs, flipped_back) = (runs as f64, self.flipped_back[0]);
        self.flipped_back_after /= flipped_back.max(1.0);
        self.kept_after /= (runs - flipped_back).max(1.0);
        self.flipped_back.iter_mut().for_each(|it| *it /= runs);
    }
}
