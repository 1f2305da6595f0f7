//! The tests of `power.rs`: known sample sizes, the verdict itself, and what bursts and strictness do.

use super::*;
use crate::compare::{Limits, in_same_minutes};
use crate::sample::{Pair, Sample};
use crate::statistics::{RELEASES_PER_FALSE_FLIP_BACK, SIGNALS, significance_level};
use proptest::prelude::*;

/// One look at one signal of a release with one step.
const ONE_LOOK: f64 = 1.0 / (RELEASES_PER_FALSE_FLIP_BACK * SIGNALS);

/// A step at this share, by the exact test alone.
fn design(new: f64, share: f64, error_rate: f64) -> Design {
    Design {
        new,
        previous: new * (100.0 - share) / share,
        error_rate,
        dispersion: 1.0,
        significance_level: ONE_LOOK,
        max_excess: None,
    }
}

fn power(design: Design, fault: f64) -> f64 {
    design.power(&design.outcomes(), fault)
}

/// The requests that the new environment needs, for a power of 90 %: with a few per cent fewer it is less.
#[test]
fn the_sample_sizes_are_those_of_the_table() {
    let shares = [50.0, 10.0, 5.0, 1.0];
    for (error_rate, fault, sizes) in [
        (0.001, 0.01, [2480.0, 1176.0, 1072.0, 976.0]),
        (0.001, 0.1, [186.0, 77.0, 66.0, 55.0]),
        (0.01, 0.01, [7168.0, 3808.0, 3584.0, 3392.0]),
        (0.01, 0.1, [248.0, 117.0, 107.0, 98.0]),
    ] {
        for (share, size) in shares.into_iter().zip(sizes) {
            let enough = power(design(size, share, error_rate), fault);
            let fewer = power(design(size * 0.97, share, error_rate), fault);
            let case = format!("{error_rate} {fault} {share} {size}: {fewer} {enough}");
            assert!((0.9..0.905).contains(&enough) && fewer < 0.9, "{case}");
            let found = design(size, share, error_rate).smallest_fault();
            let found = found.expect("a fault");
            assert!((0.97..=1.01).contains(&(found / fault)), "{case}: {found}");
        }
    }
}

/// The verdict on so many errors of both environments in one minute each.
fn is_significant(design: Design, errors: f64, others: f64) -> bool {
    let sample = |errors, exposure| Sample { errors, exposure };
    let minute = Pair {
        new: sample(errors, design.new),
        previous: sample(others, design.previous),
    };
    let limits = Limits {
        max_excess: design.max_excess.expect("a limit"),
        significance_level: design.significance_level,
        suspicion_level: 0.0,
    };
    in_same_minutes(&[minute], &[], limits).is_significant()
}

proptest! {
    /// What the forecast takes for the least count that is worse, the verdict does too.
    #[test]
    fn the_forecast_finds_what_the_verdict_finds(
        new in 20u32..5_000, share in 1u32..99, others in 0u32..200, steps in 1usize..20,
    ) {
        let new = f64::from(new);
        let design = Design {
            significance_level: significance_level(4, steps),
            max_excess: Some(10.0),
            ..design(new, f64::from(share), 0.01)
        };
        prop_assume!(design.previous >= MIN_BASELINE_REQUESTS);
        let others = f64::from(others).min(design.previous);
        let critical = design.critical(others, 0.0);
        prop_assume!(critical <= new);
        prop_assert!(is_significant(design, critical, others), "{}", critical);
        prop_assert!(!is_significant(design, critical - 1.0, others), "{}", critical);
    }
}

#[test]
fn bursts_hide_a_fault_and_so_does_a_stricter_level() {
    let fault = |dispersion, steps| {
        let design = Design {
            dispersion,
            significance_level: significance_level(4, steps),
            ..design(6_000.0, 10.0, 0.001)
        };
        design.smallest_fault().expect("a fault")
    };
    assert!(fault(1.0, 1) < fault(1.0, 10));
    assert!(
        fault(1.0, 1) * 1.5 < fault(10.0, 1),
        "{} {}",
        fault(1.0, 1),
        fault(10.0, 1)
    );
}

/// The usual errors come ten at a time, those of a release that fails every request one by one.
#[test]
fn bursts_hide_no_outage() {
    let bursts = Design {
        dispersion: 10.0,
        ..design(60.0, 10.0, 0.001)
    };
    assert!(bursts.finds_an_outage());
}

#[test]
fn with_nothing_to_compare_with_the_limit_on_the_count_finds_a_fault() {
    let fault = |new| {
        let design = Design {
            previous: 99.0,
            max_excess: Some(10.0),
            ..design(new, 50.0, 0.0)
        };
        design.smallest_fault()
    };
    // Eleven errors or more, 9 times in 10, are fifteen and a half on average.
    assert_eq!(fault(15.0), None);
    assert!((0.15..0.16).contains(&fault(100.0).expect("a fault")));
    assert_eq!(fault(0.0), None);
}

/// The largest service there is, in an hour.
#[test]
fn a_large_count_is_as_quick_as_a_small_one() {
    let design = Design {
        max_excess: Some(10.0),
        ..design(300_000.0, 50.0, 0.01)
    };
    assert!(design.outcomes().len() <= 201);
    let found = Design {
        previous: 18_000_000.0,
        ..design
    }
    .smallest_fault();
    assert!(
        (0.0005..0.002).contains(&found.expect("a fault")),
        "{found:?}"
    );
}
