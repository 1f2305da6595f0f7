//! The tests of `policy.rs`.

use super::*;

fn policy(changed: &[(&str, &str)]) -> Result<Policy, String> {
    let usual = [
        ("INCONCLUSIVE_GRACE_SECONDS", "180"),
        ("BASELINE_SECONDS", "3600"),
        ("MAX_TARGET_5XX", "0.5"),
        ("MIN_REQUESTS", "50"),
        ("ON_INCONCLUSIVE", "flip-back"),
        ("ON_SUSPICION", "keep"),
        ("ON_LATENCY", "warn"),
        ("VERDICT_MODE", "shadow"),
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
    assert_eq!((found.min_requests, found.max_target_5xx), (50.0, 0.5));
    assert_eq!(found.on_inconclusive, OnInconclusive::FlipBack);
    assert_eq!(found.on_suspicion, OnSuspicion::Keep);
    assert_eq!(found.mode, VerdictMode::Shadow);
    assert_eq!(found.latency, None);
    let off = &found.ceilings;
    assert_eq!(
        (off.target_5xx, off.error_percent, off.p99_milliseconds),
        (None, None, None)
    );
    let set = policy(&[("CEILING_ERROR_PERCENT", "2.5")]).expect("a policy");
    assert_eq!(set.ceilings.error_percent, Some(2.5));
}

#[test]
fn a_limit_on_latency_is_off_unless_it_is_set() {
    let set = policy(&[("MAX_LATENCY_RATIO", "1.5"), ("ON_LATENCY", "flip-back")]);
    let limit = set.expect("a policy").latency.expect("a limit");
    assert_eq!(limit.max_ratio, 1.5);
    assert_eq!(limit.on_exceeded, OnLatency::FlipBack);
    let off = policy(&[("MAX_LATENCY_RATIO", " ")]).expect("a policy");
    assert_eq!(off.latency, None);
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
        refused("INCONCLUSIVE_GRACE_SECONDS", seconds);
        refused("BASELINE_SECONDS", seconds);
    }
    refused("MAX_TARGET_5XX", "");
    for ratio in ["0.99", "NaN", "inf", "twice"] {
        refused("MAX_LATENCY_RATIO", ratio);
    }
    refused("ON_INCONCLUSIVE", "Keep");
    refused("ON_SUSPICION", "");
    refused("ON_LATENCY", "off");
    refused("VERDICT_MODE", "off");
}
