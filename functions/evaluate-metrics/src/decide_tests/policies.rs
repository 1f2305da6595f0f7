//! How a watch at 100 % ends that found too little, or too many errors to be healthy and too few to be sure.

use super::*;
use crate::policy::{OnInconclusive as Silence, OnSuspicion as Suspicion};

/// Forty requests, or as many as are enough, with so many errors, at the end of the grace.
fn open(last_minute: f64, errors: f64) -> Snapshot {
    changed(300, |_, metrics| {
        metrics.previous = (-60..0).map(|it| minute(it, 100.0, 0.0)).collect();
        metrics.new = vec![minute(0, 20.0, 0.0), minute(1, last_minute, errors)];
    })
}

/// The two questions have a policy each; where both are open, one that says flip-back is enough.
#[test]
fn silence_and_suspicion_end_by_a_policy_each() {
    let (silent, suspicious, both) = (open(20.0, 0.0), open(100.0, 4.0), open(20.0, 4.0));
    let check = |snapshot, on_inconclusive, on_suspicion, decision, reason| {
        let policy = Policy {
            on_inconclusive,
            on_suspicion,
            ..policy()
        };
        check(&policy, snapshot, Verdict::Inconclusive, decision, reason);
    };
    let keeps = |snapshot, silence, suspicion, reason| {
        check(snapshot, silence, suspicion, Decision::Keep, reason);
    };
    let flips = |snapshot, silence, suspicion, reason| {
        check(snapshot, silence, suspicion, Decision::FlipBack, reason);
    };
    let (keep, back) = (
        (Silence::Keep, Suspicion::Keep),
        (Silence::FlipBack, Suspicion::FlipBack),
    );
    let by = [
        "; OnInconclusive says flip-back",
        "; OnSuspicion says flip-back",
    ];
    keeps(&silent, keep.0, back.1, "; OnInconclusive says keep");
    flips(&silent, back.0, keep.1, by[0]);
    keeps(&suspicious, back.0, keep.1, "; OnSuspicion says keep");
    flips(&suspicious, keep.0, back.1, by[1]);
    keeps(
        &both,
        keep.0,
        keep.1,
        "; OnSuspicion and OnInconclusive say keep",
    );
    flips(&both, back.0, keep.1, by[0]);
    flips(&both, keep.0, back.1, by[1]);
}
