//! What the parameters are by default, and the steps of a release.

use evaluate_metrics::policy::{Ceilings, OnInconclusive, OnSuspicion, Policy};
use shared::VerdictMode;

/// The parameters' defaults (`template.yaml`).
pub const WATCH: u32 = 120;
pub const GRACE: u32 = 180;
pub const POLL: u32 = 15;

/// Shares in per cent, and how long each is watched, in seconds.
pub type Steps = &'static [(u8, u32)];

pub const ALL_AT_ONCE: Steps = &[(100, WATCH)];

pub fn policy() -> Policy {
    Policy {
        inconclusive_grace_seconds: GRACE.into(),
        baseline_seconds: 3600,
        max_target_5xx: 10.0,
        min_requests: 50.0,
        ceilings: Ceilings::default(),
        latency: None,
        on_inconclusive: OnInconclusive::Keep,
        on_suspicion: OnSuspicion::Keep,
        mode: VerdictMode::Decide,
    }
}
