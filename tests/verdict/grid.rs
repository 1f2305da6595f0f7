//! The grid: every kind of service, released well and badly, reported by CloudWatch sooner or later.

use crate::judges::{article, fixed_rate, policy, verdict};
use crate::world::{Release, Service, random};
use evaluate_metrics::policy::Policy;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Requests a second.
pub const TRAFFIC: [f64; 10] = [0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 5000.0];

/// The share of requests that always fails.
pub const BASE: [f64; 7] = [0.0, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01];

/// The share of requests that fails more after a bad release.
pub const FAULT: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0];

/// Seconds by which CloudWatch is late.
pub const DELAY: [f64; 5] = [0.0, 30.0, 60.0, 120.0, 180.0];

/// This project's verdict, the article's rule, a fixed rate of 1 %.
pub const JUDGES: usize = 3;

/// How often each of the judges flipped back, as a share of the runs; and when the verdict kept or flipped back, in
/// seconds after the flip, on average.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    pub flipped_back: [f64; JUDGES],
    pub kept_after: f64,
    pub flipped_back_after: f64,
}

/// All cells of one kind of service.
pub struct Row {
    pub traffic: f64,
    pub base: f64,
    /// By delay.
    pub good: [Share; DELAY.len()],
    /// By fault and delay.
    pub bad: [[Share; DELAY.len()]; FAULT.len()],
}

/// How many releases of each kind are tried.
#[derive(Clone, Copy)]
pub struct Runs {
    pub good: u64,
    pub bad: u64,
    /// So many errors come at once.
    pub burst: f64,
}

/// Runs the whole grid on all cores; the rows in the grid's order, and always the same.
pub fn run(runs: Runs) -> Vec<Row> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= TRAFFIC.len() * BASE.len() {
                return;
            }
            let row = row(number, runs);
            rows.lock().expect("the rows").push((number, row));
        }
    };
    std::thread::scope(|scope| (0..cores).for_each(|_| _ = scope.spawn(work)));
    let mut rows = rows.into_inner().expect("the rows");
    rows.sort_by_key(|(number, _)| *number);
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(number: usize, runs: Runs) -> Row {
    let (traffic, base) = (TRAFFIC[number / BASE.len()], BASE[number % BASE.len()]);
    let service = Service {
        traffic,
        errors: base,
        burst: runs.burst,
    };
    let mut row = Row {
        traffic,
        base,
        good: Default::default(),
        bad: Default::default(),
    };
    let policy = policy();
    for run in 0..runs.good {
        let mut random = random(number, run);
        let release = Release::new(service, 0.0, &mut random);
        judged(&mut row.good, &release, &policy);
        for (bad, fault) in row.bad.iter_mut().zip(FAULT).filter(|_| run < runs.bad) {
            judged(
                bad,
                &release.clone().to(service, fault, &mut random),
                &policy,
            );
        }
    }
    row.good.iter_mut().for_each(|it| it.divide(runs.good));
    row.bad
        .as_flattened_mut()
        .iter_mut()
        .for_each(|it| it.divide(runs.bad));
    row
}

/// Adds what the judges make of a release, for each delay.
fn judged(shares: &mut [Share; DELAY.len()], release: &Release, policy: &Policy) {
    for (share, delay) in shares.iter_mut().zip(DELAY) {
        let ours = verdict(release, delay, policy);
        let judges = [
            ours.flipped_back,
            article(release, delay),
            fixed_rate(release, delay),
        ];
        for (count, flipped_back) in share.flipped_back.iter_mut().zip(judges) {
            *count += f64::from(u8::from(flipped_back));
        }
        if ours.flipped_back {
            share.flipped_back_after += ours.seconds;
        } else {
            share.kept_after += ours.seconds;
        }
    }
}

impl Share {
    /// Makes shares of counts.
    fn divide(&mut self, runs: u64) {
        let (runs, flipped_back) = (runs as f64, self.flipped_back[0]);
        self.flipped_back_after /= flipped_back.max(1.0);
        self.kept_after /= (runs - flipped_back).max(1.0);
        self.flipped_back.iter_mut().for_each(|it| *it /= runs);
    }
}
