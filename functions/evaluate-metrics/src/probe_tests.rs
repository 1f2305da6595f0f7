//! The tests of `probe.rs`.

use super::*;

fn health(id: &str, state: &str) -> TargetHealth {
    TargetHealth {
        reason: "Target.Timeout".to_owned(),
        ..fixtures::target_health(id, state)
    }
}

/// A ping on `target`.
fn ping(target: &str, passed: bool, asked: bool) -> CheckResult {
    CheckResult {
        check: "ping".to_owned(),
        target: target.to_owned(),
        passed,
        asked,
        expected: "status 200".to_owned(),
        found: "status 500".to_owned(),
        latency_ms: Some(3),
    }
}

fn check(results: Vec<CheckResult>, failing: &[&str], environment: Option<&str>, probed: bool) {
    let health = [
        health("10.0.0.1", "healthy"),
        health("10.0.0.2", "unhealthy"),
        health("10.0.0.3", "draining"),
        health("10.0.0.4", "initial"),
    ];
    let found = summarize(&health, Some(&Probe { results }));
    assert_eq!((found.registered, found.healthy), (2, 1));
    assert_eq!(found.failing, failing);
    assert_eq!(found.environment.as_deref(), environment);
    assert_eq!(found.probed, probed);
}

const UNHEALTHY: &str = "10.0.0.2:8080 is unhealthy: Target.Timeout";
const PING: &str = "ping on 10.0.0.1:8080: expected status 200, found status 500";

#[test]
fn a_target_fails_by_the_load_balancer_or_by_the_probe_and_counts_once() {
    check(
        vec![ping("10.0.0.1:8080", true, true)],
        &[UNHEALTHY],
        None,
        true,
    );
    let both = vec![
        ping("10.0.0.1:8080", false, true),
        ping("10.0.0.1:8080", false, true),
        ping("10.0.0.2:8080", false, true),
    ];
    check(both, &[PING, UNHEALTHY], None, true);
}

#[test]
fn a_target_that_is_gone_or_was_not_asked_does_not_fail() {
    let out_of_service = vec![
        ping("10.0.0.3:8080", false, true),
        ping("10.0.0.4:8080", false, true),
    ];
    check(out_of_service, &[UNHEALTHY], None, true);
    check(
        vec![ping("10.0.0.1:8080", false, false)],
        &[UNHEALTHY],
        None,
        false,
    );
    assert!(!summarize(&[], None).probed);
}

#[test]
fn a_base_url_stands_for_the_environment() {
    let found = "ping on http://green: expected status 200, found status 500";
    check(
        vec![ping("http://green", false, true)],
        &[UNHEALTHY],
        Some(found),
        true,
    );
}
