//! The tests of `policy.rs`.

use super::*;

fn policy(changed: &[(&str, &str)]) -> Result<Policy, String> {
    let usual = [
        ("WATCH_SECONDS", "120"),
        ("INCONCLUSIVE_GRACE_SECONDS", "180"),
        ("BASELINE_SECONDS", "3600"),
        ("MAX_TARGET_5XX", "0.5"),
        ("MIN_REQUESTS", "50"),
        ("ON_INCONCLUSIVE", "flip-back"),
    ];
    let read = read(&Settings(|name: &str| {
        let mut all = changed.iter().chain(&usual);
        let (_, value) = all.find(|(known, _)| *known == name)?;
        Some((*value).to_owned())
    }));
    read.map_err(|error| error.to_string())
}

#[test]
fn a_policy_is_read_and_ceilings_are_off_unless_they_are_set() {
    let found = policy(&[("CEILING_TARGET_5XX", "")]).expect("a policy");
    assert_eq!((found.watch_seconds, found.max_target_5xx), (120, 0.5));
    assert_eq!(found.on_inconclusive, OnInconclusive::FlipBack);
    let off = &found.ceilings;
    assert_eq!(
        (off.target_5xx, off.error_percent, off.p99_milliseconds),
        (None, None, None)
    );
    let set = policy(&[("CEILING_ERROR_PERCENT", "2.5")]).expect("a policy");
    assert_eq!(set.ceilings.error_percent, Some(2.5));
}

#[test]
fn a_number_that_would_judge_nothing_is_refused() {
    let refused = |name: &str, value: &str| {
        let reason = policy(&[(name, value)]).expect_err("not a policy");
        let expect = format!("variable {name}: expected");
        assert!(reason.contains(&expect), "{reason}");
    };
    for limit in ["NaN", "inf", "-inf", "-1", "1e999", "ten"] {
        refused("MAX_TARGET_5XX", limit);
        refused("MIN_REQUESTS", limit);
        refused("CEILING_P99_MILLISECONDS", limit);
    }
    for seconds in ["-5", "1.5", "99999999999"] {
        refused("WATCH_SECONDS", seconds);
        refused("INCONCLUSIVE_GRACE_SECONDS", seconds);
        refused("BASELINE_SECONDS", seconds);
    }
    refused("WATCH_SECONDS", "0");
    refused("MAX_TARGET_5XX", "");
    refused("ON_INCONCLUSIVE", "Keep");
}
