//! The tests of `probe.rs`.

use super::*;
use shared::Target;

fn health(id: &str, state: &str) -> TargetHealth {
    TargetHealth {
        target: Target {
            id: id.to_owned(),
            port: 80,
        },
        state: state.to_owned(),
        reason: "Target.Timeout".to_owned(),
    }
}

/// A ping on `target`.
fn ping(target: &str, passed: bool, asked: bool) -> Result {
    Result {
        check: "ping".to_owned(),
        target: target.to_owned(),
        passed,
        asked,
        expected: "status 200".to_owned(),
        found: "status 500".to_owned(),
    }
}

fn check(results: Vec<Result>, failing: &[&str], environment: Option<&str>, probed: bool) {
    let health = [
        health("10.0.0.1", "healthy"),
        health("10.0.0.2", "unhealthy"),
        health("10.0.0.3", "draining"),
        health("10.0.0.4", "initial"),
    ];
    let found = targets(&health, Some(&Probe { results }));
    assert_eq!((found.registered, found.healthy), (2, 1));
    assert_eq!(found.failing, failing);
    assert_eq!(found.environment.as_deref(), environment);
    assert_eq!(found.probed, probed);
}

const UNHEALTHY: &str = "10.0.0.2:80 is unhealthy: Target.Timeout";
const PING: &str = "ping on 10.0.0.1:80: expected status 200, found status 500";

#[test]
fn a_target_fails_by_the_load_balancer_or_by_the_probe_and_counts_once() {
    check(
        vec![ping("10.0.0.1:80", true, true)],
        &[UNHEALTHY],
        None,
        true,
    );
    let both = vec![
        ping("10.0.0.1:80", false, true),
        ping("10.0.0.1:80", false, true),
        ping("10.0.0.2:80", false, true),
    ];
    check(both, &[PING, UNHEALTHY], None, true);
}

#[test]
fn a_target_that_is_gone_or_was_not_asked_does_not_fail() {
    let gone = vec![
        ping("10.0.0.3:80", false, true),
        ping("10.0.0.4:80", false, true),
    ];
    check(gone, &[UNHEALTHY], None, true);
    check(
        vec![ping("10.0.0.1:80", false, false)],
        &[UNHEALTHY],
        None,
        false,
    );
    assert!(!targets(&[], None).probed);
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
