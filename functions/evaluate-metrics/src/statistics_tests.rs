//! The tests of `statistics.rs`: the shares of the error, and the upper bound.

use super::*;

fn sample(errors: f64, exposure: f64) -> Sample {
    Sample { errors, exposure }
}

#[test]
fn all_tests_of_a_release_together_spend_at_most_its_error() {
    for steps in [1, 3, 20] {
        let level = |minutes| significance_level(minutes, steps);
        let step: f64 = (1..10_000).map(level).sum();
        let all = step * SIGNALS * steps as f64 * RELEASES_PER_FALSE_FLIP_BACK;
        assert!((0.999..=1.0 + 1e-9).contains(&all), "{all}");
        assert_eq!(level(0), level(1));
    }
}

#[test]
fn steps_share_what_may_be_suspicious_by_chance() {
    let steps = [1, 4].map(|steps| suspicion_level(true, steps));
    assert_eq!(steps, [0.002, 0.0005]);
    assert_eq!(suspicion_level(false, 4), 0.01);
}

#[test]
fn the_upper_bound_is_the_rate_that_so_few_errors_do_not_exclude() {
    let check = |errors, requests, expect: f64| {
        let found = error_rate_upper_bound(sample(errors, requests)).expect("a rate");
        assert!((found - expect).abs() < 0.0005, "{found}");
    };
    // The rule of three: 3 / n.
    check(0.0, 3_000.0, 0.001);
    check(5.0, 5.0, 1.0);
    check(10.0, 100.0, 0.1604);
    // As much traffic as anybody has.
    check(0.0, 1e9, 0.0);
    assert_eq!(error_rate_upper_bound(sample(0.0, 0.0)), None);
}
