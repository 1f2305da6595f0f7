//! The tests of `sample.rs`.

use super::*;
use serde_json::json;
use std::collections::BTreeSet;

fn checks(count: usize, timeout_ms: u64, attempts: u32) -> Vec<Check> {
    let check = json!({"name": "a", "path": "/", "timeoutMs": timeout_ms, "attempts": attempts});
    let spec = json!({ "checks": vec![check; count] }).to_string();
    crate::spec::read(Some(&spec)).expect("a spec").checks
}

#[test]
fn as_many_are_sure_to_be_asked_as_there_is_time_for_if_every_reply_takes_its_timeout() {
    let limit = Duration::from_secs(100);
    for (count, timeout_ms, attempts, expect) in [
        // 64 at once for 93.6 s, each base for 4 s: 100 s without the last check's 2 s and two repetitions of 2.2 s.
        (2, 2000, 3, 1497),
        (2, 2000, 1, 1568),
        (1, 2000, 3, 2995),
        (1, 10_000, 1, 576),
        // Half of the time is for repetitions at the most, and half of the rest for the last checks.
        (1, 10_000, 10, 256),
        // 4 bases at once, 8 checks on each.
        (16, 10_000, 1, 16),
        (200, 10_000, 1, 1),
    ] {
        let sample = Sample::of(&checks(count, timeout_ms, attempts), limit);
        assert_eq!(sample.sure, expect, "{count} {timeout_ms} {attempts}");
    }
}

#[test]
fn any_beginning_of_the_order_is_spread_evenly() {
    for all in [1, 2, 3, 4, 10, 618, 1000, 2000] {
        let numbers: Vec<_> = spread(all).collect();
        assert_eq!(BTreeSet::from_iter(&numbers).len(), all, "{all}");
        for taken in 1..=all {
            let mut taken_numbers = numbers[..taken].to_vec();
            taken_numbers.sort();
            let ends = taken_numbers[0] + all;
            let next = taken_numbers.iter().skip(1).chain([&ends]);
            let gaps = taken_numbers.iter().zip(next).map(|(one, next)| next - one);
            let widest = gaps.max().unwrap_or_default();
            assert!(
                widest <= all.div_ceil(taken) * 3,
                "{taken} of {all}: {widest}"
            );
        }
    }
}

/// What is kept of the results of one base that is not sure to be asked: `p`assed, `f`ailed and `u`nasked checks.
fn kept(results: &str) -> usize {
    let sample = Sample {
        sure: 0,
        ..Sample::all(Duration::from_secs(1))
    };
    let result = |it: char| CheckResult {
        check: "a".to_owned(),
        target: "10.0.0.7:8080".to_owned(),
        passed: it == 'p',
        asked: it != 'u',
        expected: String::new(),
        found: String::new(),
        latency_ms: None,
    };
    let results: Vec<_> = results.chars().map(result).collect();
    let checks = results.len();
    sample.asked(results, checks).len()
}

#[test]
fn a_base_that_is_not_sure_to_be_asked_counts_once_it_failed_or_every_check_was_made() {
    for (results, expect) in [("pp", 2), ("pf", 2), ("uf", 2), ("uu", 0), ("pu", 0)] {
        assert_eq!(kept(results), expect, "{results}");
    }
}
