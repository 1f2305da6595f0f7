//! The tests of `probe.rs`.

use super::*;

fn health(id: &str, state: &str) -> TargetHealth {
    TargetHealth {
        reason: "Target.Timeout".to_owned(),
        ..fixtures::target_health(id, state)
    }
}

/// What smoke answers where these places pass, and a ping fails at those.
fn probe(passing: &[&str], failing: &[&str]) -> Probe {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let ping = |target: &&str| CheckResult {
        check: "ping".to_owned(),
        target: (*target).to_owned(),
        passed: false,
        asked: true,
        expected: "status 200".to_owned(),
        found: "status 500".to_owned(),
        latency_ms: Some(3),
    };
    Probe {
        targets: CheckedTargets {
            passing: names(passing),
            failing: names(failing),
            unasked: 0,
        },
        results: failing.iter().map(ping).collect(),
    }
}

/// Two healthy targets, one unhealthy, one on its way out and one that starts.
fn found(probe: &Probe) -> TargetSummary {
    let health = [
        health("10.0.0.1", "healthy"),
        health("10.0.0.2", "unhealthy"),
        health("10.0.0.3", "draining"),
        health("10.0.0.4", "initial"),
        health("10.0.0.5", "healthy"),
    ];
    let found = summarize(&health, probe);
    assert_eq!((found.registered, found.healthy), (3, 2));
    found
}

fn check(probe: &Probe, asked: usize, failures: &[&str]) {
    let found = found(probe);
    assert_eq!((found.asked, found.failing), (asked, failures.len()));
    assert_eq!(found.failures, failures);
    assert_eq!(found.environment, None);
}

const ONE: &str = "10.0.0.1:8080";
const TWO: &str = "10.0.0.2:8080";
const FIVE: &str = "10.0.0.5:8080";
const UNHEALTHY: &str = "10.0.0.2:8080 is unhealthy: Target.Timeout";
const PING: &str = "ping on 10.0.0.1:8080: expected status 200, found status 500";

#[test]
fn a_target_fails_by_the_load_balancer_or_by_the_probe_and_counts_once() {
    check(&probe(&[ONE, FIVE], &[]), 3, &[UNHEALTHY]);
    check(&probe(&[ONE, TWO, FIVE], &[]), 3, &[UNHEALTHY]);
    check(&probe(&[FIVE], &[ONE, TWO]), 3, &[PING, UNHEALTHY]);
}

#[test]
fn a_target_that_was_not_asked_is_no_good_one() {
    check(&probe(&[], &[ONE]), 2, &[PING, UNHEALTHY]);
    assert_eq!(found(&probe(&[], &[ONE])).unasked(), 1);
}

#[test]
fn a_target_that_starts_or_is_gone_does_not_count() {
    let gone = ["10.0.0.3:8080", "10.0.0.4:8080", "10.0.0.9:8080"];
    check(&probe(&[ONE, FIVE], &gone), 3, &[UNHEALTHY]);
}

#[test]
fn without_a_probe_the_load_balancer_has_asked_all() {
    check(&Probe::default(), 3, &[UNHEALTHY]);
    assert!(!found(&Probe::default()).probed && found(&probe(&[ONE], &[])).probed);
    // It asked what is gone by now.
    check(&probe(&[], &["10.0.0.9:8080"]), 3, &[UNHEALTHY]);
}

#[test]
fn another_port_of_the_same_address_is_another_target() {
    check(&probe(&[ONE, FIVE], &["10.0.0.1:8081"]), 3, &[UNHEALTHY]);
}

#[test]
fn a_base_url_stands_for_the_environment() {
    let found = found(&probe(&[], &["http://green"]));
    let failure = "ping on http://green: expected status 200, found status 500";
    assert_eq!(found.environment.as_deref(), Some(failure));
    assert_eq!((found.asked, found.failing, found.probed), (3, 1, true));
}

#[test]
fn a_thousand_failing_targets_fit_into_an_answer() {
    let ids = (0..1000).map(|number| format!("10.0.{}.{}", number / 250, number % 250));
    let health: Vec<_> = ids.map(|id| health(&id, "healthy")).collect();
    let names: Vec<_> = health.iter().map(|it| it.target.address()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut probe = probe(&[], &names);
    probe.results.truncate(1);
    let found = summarize(&health, &probe);
    assert_eq!((found.asked, found.failing), (1000, 1000));
    assert_eq!(found.failures.len(), 10);
    assert_eq!(found.failures[9], "10.0.0.9:8080 fails");
}
