//! Both environments in the same minutes: what hits both, minutes that differ, and Hoeffding's inequality.

use super::*;

/// Compares one minute of both environments after another.
fn pairs(minutes: &[(Sample, Sample)], hour: &[Sample]) -> Comparison {
    let pair = |(new, previous): &(Sample, Sample)| Pair {
        new: *new,
        previous: *previous,
    };
    let pairs: Vec<_> = minutes.iter().map(pair).collect();
    in_same_minutes(&pairs, hour, limits())
}

#[test]
fn what_fails_in_both_environments_is_no_fault_of_the_release() {
    let hour = hour(360.0, 360_000.0);
    // A tenth of the traffic, and each minute ten times the usual errors of both.
    let trouble = (sample(6.0, 600.0), sample(54.0, 5_400.0));
    let found = pairs(&[trouble; 5], &hour);
    assert!(!found.is_worse() && !found.is_suspicious(), "{found:?}");
    assert!((found.expected - 30.0).abs() < 1e-9, "{found:?}");
    let alone = with_hour(&[trouble.0; 5], &hour);
    assert!(alone.is_worse(), "{alone:?}");
    // The same errors of the new environment, and the other one as it was.
    let fault = (sample(6.0, 600.0), sample(5.0, 5_400.0));
    let found = pairs(&[fault; 5], &hour);
    assert!(found.is_worse(), "{found:?}");
    assert!(found.describe("target 5xx").contains(
        "30 in 3000 requests: 27.2 more than the 2.8 that the previous environment explains in the same minutes"
    ));
}

/// Traffic shifts, and with it the rate of both: over both minutes together the new environment fails more often, in each
/// minute it does not.
#[test]
fn each_minute_is_compared_with_itself() {
    let quiet = (sample(0.0, 1_000.0), sample(0.0, 9_000.0));
    let trouble = (sample(100.0, 9_000.0), sample(11.0, 1_000.0));
    let found = pairs(&[quiet, trouble], &hour(0.0, 60_000.0));
    let together = with_hour(&[quiet.0, trouble.0], &[quiet.1, trouble.1]);
    assert!(together.is_worse(), "{together:?}");
    assert!(!found.is_worse() && !found.is_suspicious(), "{found:?}");
    assert!((found.expected - 99.0).abs() < 1e-9, "{found:?}");
}

#[test]
fn with_too_few_requests_of_the_other_environment_the_limit_decides_alone() {
    let minutes = |errors, previous| {
        let minute = (sample(errors / 2.0, 450.0), sample(0.0, previous / 2.0));
        pairs(&[minute, minute], &[])
    };
    let found = minutes(11.0, 99.0);
    assert!(found.p_value.is_none() && found.is_worse(), "{found:?}");
    assert!(!minutes(10.0, 99.0).is_worse());
    // Of a hundred errors ninety are the new environment's, by its traffic alone.
    let found = minutes(11.0, 100.0);
    assert!(found.p_value.is_some() && !found.is_worse(), "{found:?}");
}

/// The tail of the sum of the minutes' binomial counts, each with its own probability, added up.
fn tail_of_sum(errors: usize, minutes: &[(u32, f64)]) -> f64 {
    let mut chances = vec![1.0];
    for (count, share) in minutes {
        for _ in 0..*count {
            let mut next = vec![0.0; chances.len() + 1];
            for (number, chance) in chances.iter().enumerate() {
                next[number] += chance * (1.0 - share);
                next[number + 1] += chance * share;
            }
            chances = next;
        }
    }
    chances[errors..].iter().sum()
}

proptest! {
    /// Hoeffding's inequality, for what the verdict relies on: above the expected errors the p-value is never smaller than
    /// that of minutes with a probability each.
    #[test]
    fn the_p_value_of_minutes_that_differ_is_never_too_small(
        minutes in prop::collection::vec((0u32..12, 0u32..12, 1u32..1_000, 100u32..1_000), 1..8),
    ) {
        let pair = |(new, previous, of, previous_of): &(u32, u32, u32, u32)| {
            let sample = |errors: u32, of: u32| sample(f64::from(errors), f64::from(of.max(errors)));
            (sample(*new, *of), sample(*previous, *previous_of))
        };
        let both: Vec<_> = minutes.iter().map(pair).collect();
        let found = pairs(&both, &[]);
        let own = both.iter().zip(&minutes).map(|((new, previous), (errors, others, ..))| {
            (errors + others, new.exposure / (new.exposure + previous.exposure))
        });
        let own: Vec<_> = own.collect();
        let all: u32 = own.iter().map(|(count, _)| count).sum();
        let mean: f64 = own.iter().map(|(count, share)| f64::from(*count) * share).sum();
        prop_assume!(all > 0 && found.errors >= mean + 1.0);
        let exact = tail_of_sum(found.errors as usize, &own);
        let p = found.p_value.unwrap_or_default();
        prop_assert!(p >= exact * (1.0 - 1e-9), "{} < {}", p, exact);
    }
}
