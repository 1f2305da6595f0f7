//! How the traffic of a service changes from minute to minute.

use super::chance::uniform;
use super::minute::BEFORE;
use rand_chacha::ChaCha8Rng;
use std::f64::consts::TAU;

/// The shape of a service's traffic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Traffic {
    /// The same in every minute.
    Steady,
    /// A day, with nine times the traffic at its height that it has at its lowest. The release comes at any time of it.
    Day,
    /// It doubles within the ten minutes before the flip, and goes on rising.
    Rising,
    /// A quiet service: silences of 5 minutes on average, between visits of 20.
    Silences,
}

/// Minutes of a day.
const DAY: f64 = 1440.0;

/// Height and depth of a day about its mean: 1.8 / 0.2 = 9.
const SWING: f64 = 0.8;

/// A rise: minutes until it has doubled.
pub const RISE: usize = 10;

/// Minutes that a visit and a silence last on average.
const VISIT: f64 = 20.0;
const SILENCE: f64 = 5.0;

impl Traffic {
    /// The usual requests of `count` minutes, the first of them an hour before the flip's; on average `mean` a minute, but
    /// for a rise, which begins there.
    pub fn minutes(self, mean: f64, count: usize, random: &mut ChaCha8Rng) -> Vec<f64> {
        let minutes = (0..count).map(|minute| minute as f64);
        match self {
            Traffic::Steady => vec![mean; count],
            Traffic::Day => {
                let start = DAY * uniform(random);
                let height = |minute: f64| 1.0 + SWING * (TAU * (start + minute) / DAY).sin();
                minutes.map(|minute| mean * height(minute)).collect()
            }
            Traffic::Rising => {
                let risen = |minute: f64| (minute - (BEFORE - RISE) as f64).max(0.0) / RISE as f64;
                minutes.map(|minute| mean * (1.0 + risen(minute))).collect()
            }
            Traffic::Silences => silences(mean, count, random),
        }
    }
}

fn silences(mean: f64, count: usize, random: &mut ChaCha8Rng) -> Vec<f64> {
    let visited = VISIT / (VISIT + SILENCE);
    let mut is_visit = uniform(random) < visited;
    let mut minutes = Vec::with_capacity(count);
    for _ in 0..count {
        minutes.push(if is_visit { mean / visited } else { 0.0 });
        let lasts = if is_visit { VISIT } else { SILENCE };
        is_visit ^= uniform(random) < 1.0 / lasts;
    }
    minutes
}
