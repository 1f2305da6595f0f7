//! A step that is slow.

use super::*;
use crate::policy::{LatencyLimit, OnLatency};

#[test]
fn a_release_that_is_slower_than_the_other_environment_is_flipped_back_or_warned_of() {
    let slow = |p99: f64| {
        at_a_tenth(480, move |metrics| {
            metrics
                .new
                .iter_mut()
                .for_each(|it| it.p99_seconds = Some(p99));
            metrics
                .previous
                .iter_mut()
                .for_each(|it| it.p99_seconds = Some(0.2));
        })
    };
    let limited = |on_exceeded| Policy {
        latency: Some(LatencyLimit {
            max_ratio: 1.5,
            on_exceeded,
        }),
        ..policy()
    };
    let strict = limited(OnLatency::FlipBack);
    let (step, reason) = (
        first(),
        "p99 latency 1.60 times the previous environment's in the same minutes",
    );
    let (unhealthy, flip_back) = (Verdict::Unhealthy, Decision::FlipBack);
    check_watch(&step, &strict, &slow(0.32), unhealthy, flip_back, reason);
    let (healthy, advance) = (Verdict::Healthy, Decision::Advance);
    check_watch(&step, &strict, &slow(0.3), healthy, advance, "");
    let lenient = judge(&slow(0.32), &step, &limited(OnLatency::Warn));
    assert_eq!(lenient.decision, Decision::Advance);
    assert!(
        lenient.warnings(None)[0].starts_with(reason),
        "{:?}",
        lenient.warnings(None)
    );
    let off = judge(&slow(0.32), &step, &policy());
    assert_eq!(
        (off.decision, off.warnings(None)),
        (Decision::Advance, Vec::new())
    );
}

/// The hour before had another load.
#[test]
fn a_release_with_all_of_the_traffic_is_only_warned_of() {
    let slow = changed(240, |_, metrics| {
        metrics.new = (0..4).map(|it| minute(it, 1000.0, 0.0)).collect();
        let new = metrics.new.iter_mut();
        new.for_each(|it| it.p99_seconds = Some(0.32));
        let previous = metrics.previous.iter_mut();
        previous.for_each(|it| it.p99_seconds = Some(0.2));
    });
    let strict = Policy {
        latency: Some(LatencyLimit {
            max_ratio: 1.5,
            on_exceeded: OnLatency::FlipBack,
        }),
        ..policy()
    };
    let kept = judge(&slow, &all_at_once(240), &strict);
    assert_eq!(
        (kept.verdict, kept.decision),
        (Verdict::Healthy, Decision::Keep)
    );
    let warning = "p99 latency 1.60 times the previous environment's in the hour before";
    assert!(
        kept.warnings(None)[0].starts_with(warning),
        "{:?}",
        kept.warnings(None)
    );
}
