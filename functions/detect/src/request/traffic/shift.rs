//! What a spelling can mean.

use shared::{Share, Step};

/// Steps of a release. Each costs the history of its execution as much as a whole watch.
pub const MOST_STEPS: usize = 20;

/// How traffic is to be shifted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shift {
    /// All of it in one step.
    AllAtOnce,
    /// These steps, of these lengths. Their shares rise, and the last one is 100.
    Steps(Vec<Step>),
    Preset(Preset),
}

/// Shares below 100 %, each for the same time; and then all of the traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// As it was written.
    pub(super) name: String,
    pub(super) below_all: Vec<Share>,
    /// How long each of them lasts, in seconds.
    pub(super) seconds: u32,
}

/// Digits alone: Rust takes a plus sign before a number too.
pub(super) fn whole(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|it| it.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
