//! The tests of `compare.rs`: examples, the library's p-value against a sum, and properties.

use super::*;
use crate::statistics::{MAX_DISPERSION, significance_level, suspicion_level};
use proptest::prelude::*;

#[path = "compare_tests/same_minutes.rs"]
mod same_minutes;

/// `errors` in `requests`, each minute like the other.
fn hour(errors: f64, requests: f64) -> Vec<Sample> {
    vec![sample(errors / 60.0, requests / 60.0); 60]
}

fn sample(errors: f64, exposure: f64) -> Sample {
    Sample { errors, exposure }
}

/// With the article's ten, as the second minute of a watch.
fn limits() -> Limits {
    Limits {
        max_excess: 10.0,
        significance_level: significance_level(2, 1),
        suspicion_level: suspicion_level(false, 1),
    }
}

/// Compares two minutes that are alike.
fn after(since: Sample, baseline: &[Sample]) -> Comparison {
    let half = sample(since.errors / 2.0, since.exposure / 2.0);
    with_hour(&[half, half], baseline)
}

fn with_steps(minutes: &[Sample], hour: &[Sample], stepped: &[Sample]) -> Comparison {
    let whole = minutes;
    let served = Served { minutes, whole };
    with_history(served, History { hour, stepped }, limits())
}

fn with_hour(minutes: &[Sample], hour: &[Sample]) -> Comparison {
    with_steps(minutes, hour, &[])
}

fn check(errors: f64, requests: f64, baseline: &[Sample], worse: bool) {
    let found = after(sample(errors, requests), baseline);
    assert_eq!(found.is_worse(), worse, "{found:?}");
}

#[test]
fn without_a_baseline_the_articles_ten_decide_alone() {
    check(10.0, 10_000.0, &[], false);
    check(11.0, 10_000.0, &[], true);
    // A hundred requests are the least that make a baseline.
    check(11.0, 10_000.0, &hour(0.0, 99.0), true);
    check(11.0, 10_000.0, &hour(10.0, 99.0), true);
    assert_eq!(after(sample(11.0, 20.0), &[]).p_value, None);
}

#[test]
fn errors_that_the_baseline_explains_are_not_worse() {
    // A shop with a steady 0.2 %, at 100 requests a second.
    check(30.0, 12_000.0, &hour(720.0, 360_000.0), false);
    // One error in ten requests at night.
    check(1.0, 10.0, &hour(0.0, 360.0), false);
    check(1.0, 10.0, &hour(7.0, 360.0), false);
}

#[test]
fn a_jump_is_seen_although_it_is_small() {
    // From 0.2 % to 1 %, at 20 requests a second.
    check(24.0, 2_400.0, &hour(144.0, 72_000.0), true);
    // Six errors of thirty, where there are none: fewer than ten are enough.
    check(6.0, 30.0, &hour(0.0, 900.0), true);
    // A tenth more than 1 %, at 5,000 requests a second: not twice as many, but six hundred.
    check(6_600.0, 600_000.0, &hour(180_000.0, 18_000_000.0), true);
}

#[test]
fn without_a_baseline_a_few_errors_are_a_question() {
    assert!(after(sample(10.0, 50.0), &[]).is_suspicious());
    assert!(!after(sample(10.0, 10_000.0), &[]).is_suspicious());
}

#[test]
fn an_outage_in_the_baselines_hour_hides_no_other() {
    // Ten requests a second, and one minute in which all failed.
    let mut hour = vec![sample(0.0, 600.0); 60];
    hour[30].errors = 600.0;
    check(900.0, 900.0, &hour, true);
    assert!(after(sample(180.0, 900.0), &hour).is_suspicious());
}

#[test]
fn what_comes_in_bursts_counts_as_bursts() {
    let mut bursts = vec![sample(0.0, 6_000.0); 60];
    bursts[10].errors = 60.0;
    bursts[40].errors = 60.0;
    // Sixty errors in one more burst: usual here, and far beyond chance where errors come one by one.
    check(60.0, 12_000.0, &bursts, false);
    check(60.0, 12_000.0, &hour(120.0, 360_000.0), true);
    // What is much more than the bursts is seen all the same.
    check(1_200.0, 12_000.0, &bursts, true);
    let found = after(sample(60.0, 12_000.0), &bursts).dispersion;
    assert_eq!(found, MAX_DISPERSION);
    // A burst as large as ever flips nothing back, and is no proof of health either.
    assert!(after(sample(60.0, 12_000.0), &bursts).is_suspicious());
}

/// The whole site fails three times as often since the first flip, and each reference alone would call the release worse.
#[test]
fn at_the_last_step_a_release_must_be_worse_than_the_hour_and_than_the_earlier_steps() {
    let (hour, steps) = (hour(60.0, 60_000.0), vec![sample(3.0, 1_000.0); 10]);
    let found = |errors: f64, hour: &[Sample], stepped: &[Sample]| {
        let minutes = [sample(errors / 3.0, 1_000.0); 3];
        with_steps(&minutes, hour, stepped)
    };
    let as_the_steps = found(15.0, &hour, &steps);
    assert!(found(15.0, &hour, &[]).is_worse());
    assert!(
        !as_the_steps.is_worse() && !as_the_steps.is_suspicious(),
        "{as_the_steps:?}"
    );
    assert_eq!(as_the_steps.compared_with, Reference::EarlierSteps);
    assert!(
        (as_the_steps.expected - 9.0).abs() < 1e-9,
        "{as_the_steps:?}"
    );
    // The site is well again; the release must not be held to the steps alone.
    let quiet = vec![sample(0.0, 1_000.0); 10];
    let as_the_hour = found(6.0, &hour, &quiet);
    assert_eq!(as_the_hour.compared_with, Reference::HourBefore);
    assert!((as_the_hour.expected - 3.0).abs() < 1e-9, "{as_the_hour:?}");
    assert!(found(60.0, &hour, &steps).is_worse());
    // Ninety-nine requests are no reference.
    let few = [sample(99.0, 99.0)];
    assert_eq!(found(15.0, &hour, &few), found(15.0, &hour, &[]));
}

/// The upper tail of the binomial distribution, added up term by term.
fn tail(errors: u32, all: u32, share: f64) -> f64 {
    let term = |k: u32| {
        let ways: f64 = (0..k)
            .map(|i| f64::from(all - i) / f64::from(i + 1))
            .product();
        ways * share.powi(k as i32) * (1.0 - share).powi((all - k) as i32)
    };
    (errors..=all).map(term).sum()
}

#[test]
fn the_p_value_is_the_exact_one() {
    for (errors, before) in [(1, 0), (3, 40), (12, 5), (20, 90), (50, 0)] {
        let baseline = hour(f64::from(before), 3_000.0);
        let found = after(sample(f64::from(errors), 100.0), &baseline).p_value;
        let expect = tail(errors, errors + before, 100.0 / 3_100.0);
        let off = (found.expect("a p-value") / expect - 1.0).abs();
        assert!(
            off < 1e-9,
            "{errors} and {before}: {found:?}, not {expect:e}"
        );
    }
    assert_eq!(
        after(sample(0.0, 100.0), &hour(5.0, 3_000.0)).p_value,
        Some(1.0)
    );
}

prop_compose! {
    /// A minute of up to 5,000 requests a second, of which a few fail.
    fn minute()(requests in 0u32..300_000, per_mille in 0u32..50) -> Sample {
        let requests = f64::from(requests);
        sample((requests * f64::from(per_mille) / 1000.0).floor(), requests)
    }
}

prop_compose! {
    fn baseline()(minutes in prop::collection::vec(minute(), 0..60)) -> Vec<Sample> {
        minutes
    }
}

proptest! {
    #[test]
    fn more_errors_never_make_it_better(
        baseline in baseline(), errors in 0u32..5_000, more in 0u32..5_000, requests in 5_000u32..600_000,
    ) {
        let requests = f64::from(requests.max(errors + more));
        let fewer = after(sample(f64::from(errors), requests), &baseline);
        let more = after(sample(f64::from(errors + more), requests), &baseline);
        prop_assert!(more.is_worse() || !fewer.is_worse(), "{fewer:?} {more:?}");
    }

    #[test]
    fn more_of_the_same_never_makes_it_better(
        baseline in baseline(), errors in 0u32..5_000, requests in 5_000u32..600_000, times in 2u32..50,
    ) {
        let times = f64::from(times);
        let scaled = |it: Sample| sample(it.errors * times, it.exposure * times);
        let new = sample(f64::from(errors), f64::from(requests));
        let once = after(new, &baseline);
        let baseline: Vec<Sample> = baseline.into_iter().map(scaled).collect();
        let often = after(scaled(new), &baseline);
        // Where there is no baseline, more traffic may make it one, which may explain what nothing explained before.
        if once.p_value.is_some() {
            prop_assert!(often.is_worse() || !once.is_worse(), "{once:?} {often:?}");
        }
    }

    #[test]
    fn the_order_of_the_minutes_does_not_matter(baseline in baseline(), errors in 0u32..5_000) {
        let new = sample(f64::from(errors), 50_000.0);
        let found = after(new, &baseline);
        let mut reversed = baseline;
        reversed.reverse();
        prop_assert_eq!(after(new, &reversed).is_worse(), found.is_worse());
    }
}
