//! Random numbers, the same in every run.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rand_distr::{Binomial, Distribution, Poisson};

/// A count whose mean is `mean`, which may be none.
pub fn poisson(mean: f64, random: &mut ChaCha8Rng) -> f64 {
    Poisson::new(mean).map_or(0.0, |it| it.sample(random))
}

/// How many of so many, each with this chance.
pub fn binomial(of: f64, chance: f64, random: &mut ChaCha8Rng) -> f64 {
    Binomial::new(of as u64, chance.min(1.0)).map_or(0.0, |it| it.sample(random) as f64)
}

/// From 0 to 1, without 1.
pub fn uniform(random: &mut ChaCha8Rng) -> f64 {
    f64::from(random.next_u32()) / (f64::from(u32::MAX) + 1.0)
}

/// Random numbers that depend on these only.
pub fn random(row: usize, run: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64((row as u64) << 32 | run)
}
