//! The tests of the preflight.

mod alarms;
mod cases;
mod compatibility;
mod containers;
mod drift;
mod following;
mod harmless;
mod healthy;
mod policy;
mod registry;
mod revisions;
mod routes;
mod scans;
mod services;
mod signatures;
mod silent;
mod sizes;
mod sql;
mod texts;
mod waits;
mod wired;
mod wiring;
mod world;

use crate::preflight::{CHECKS, Check, Severity, may_pass};
use alarms::{ALARMS, QUIET};
use cases::{BALANCER, Case, DEFINITION, SERVICE};
use compatibility::COMPATIBILITY;
use containers::CONTAINERS;
use drift::DRIFT;
use following::{FOLLOWED, FOLLOWING};
use harmless::HARMLESS;
use healthy::ME;
use registry::{FIXED_TAGS, REGISTRY};
use scans::{SCANNED, SCANS};
use services::SERVICES;
use shared::Environment;
use shared::alarms::PreFlipDecision;
use signatures::{SIGNATURES, SIGNED};
use silent::{SILENCE, SILENT, silence};
use sql::SQL;
use std::collections::BTreeSet;
use waits::WAITS;
use wired::WIRED;
use wiring::WIRING;
use world::World;

fn cases() -> impl Iterator<Item = &'static Case> {
    let tables = [
        BALANCER,
        ALARMS,
        SERVICE,
        DEFINITION,
        DRIFT,
        WIRING,
        FOLLOWING,
        SERVICES,
        COMPATIBILITY,
        CONTAINERS,
        WAITS,
        REGISTRY,
        SCANS,
        SIGNATURES,
        SQL,
    ];
    tables.into_iter().flatten()
}

fn world(change: impl Fn(&mut World)) -> World {
    let mut world = World::healthy();
    change(&mut world);
    world
}

/// The change is found once, and nothing else is.
fn check(change: impl Fn(&mut World), name: &str, severity: Severity, expect_in_found: &str) {
    let findings = world(change).findings();
    let [finding] = findings.as_slice() else {
        panic!("{name} ({expect_in_found}): {findings:?}")
    };
    assert_eq!((finding.name, finding.severity), (name, severity));
    assert!(
        finding.found.contains(expect_in_found),
        "{name}: {}",
        finding.found
    );
}

#[test]
fn nothing_is_found_in_a_world_where_nothing_is_wrong() {
    assert_eq!(World::healthy().findings(), []);
}

#[test]
fn each_check_finds_what_it_is_for_and_nothing_else() {
    for (name, severity, found, change) in cases() {
        check(change, name, *severity, found);
    }
}

#[test]
fn what_is_just_good_enough_is_not_found() {
    let tables = [
        HARMLESS, WIRED, FOLLOWED, QUIET, FIXED_TAGS, SCANNED, SIGNED,
    ];
    for (name, change) in tables.into_iter().flatten() {
        assert_eq!(world(change).findings(), [], "{name}");
    }
}

#[test]
fn the_table_triggers_every_check_there_is() {
    let triggered: BTreeSet<_> = cases().map(|case| case.0).collect();
    let known: BTreeSet<_> = CHECKS.iter().map(|check| check.name).collect();
    assert_eq!(triggered, known);
    assert_eq!(known.len(), CHECKS.len(), "two checks share a name");
}

#[test]
fn a_check_keeps_its_severity_unless_its_finding_says_otherwise() {
    let says = [
        "alarm-on",
        "protocol",
        "mutable-tags",
        "scan-findings",
        "unsigned",
    ];
    for (name, severity, ..) in cases().filter(|case| !says.contains(&case.0)) {
        let check = Check::named(name).expect("a check");
        assert_eq!(check.severity, *severity, "{name}");
    }
}

#[test]
fn where_the_instances_decide_the_architecture_is_not_known() {
    let on_ec2 = |it: &mut World| {
        it.wanted().requires_compatibilities = None;
        it.facts.platforms = Ok(vec!["linux/arm64".to_owned()]);
    };
    check(
        on_ec2,
        "wrong-architecture",
        Severity::Unknown,
        "its instances decide",
    );
}

#[test]
fn a_sync_to_an_image_that_no_task_can_pull_is_refused() {
    let findings = world(|it| {
        it.plan.sync = true;
        it.push_times().remove(&"sha256:new".into());
    });
    let reason = may_pass(&findings.findings()).expect_err("a refusal");
    assert!(
        reason.as_str().starts_with(
            "image-gone: the live image sha256:new is not in the repository, or is archived."
        ),
        "{reason}"
    );
}

#[test]
fn an_alarm_that_does_not_exist_refuses() {
    let missing = |it: &mut World| {
        let check = it.facts.alarms.as_mut().expect("a check");
        check.decision = PreFlipDecision::Refuse;
        check.reason = "alarm x was not found".to_owned();
    };
    check(
        missing,
        "alarm-on",
        Severity::Refusal,
        "alarm x was not found",
    );
}

#[test]
fn refuse_on_warnings_turns_the_warnings_that_it_names_into_refusals() {
    for (name, _, found, change) in cases().filter(|case| case.1 == Severity::Warning) {
        let named = |it: &mut World| {
            change(it);
            it.policy.refuse_on_warnings = vec![(*name).to_owned()];
        };
        check(named, name, Severity::Refusal, found);
        let reason = may_pass(&world(named).findings()).expect_err("a refusal");
        assert!(
            reason.as_str().starts_with(&format!("{name}: ")),
            "{reason}"
        );
        let remedy = Check::named(name).expect("a check").remedy;
        assert!(reason.as_str().ends_with(remedy), "{reason}");
    }
}

#[test]
fn refuse_on_warnings_leaves_alone_what_it_does_not_name_and_what_is_not_known() {
    let other = |it: &mut World| {
        it.plan.idle.desired = 1;
        it.policy.refuse_on_warnings = vec!["health-path".to_owned()];
    };
    check(other, "low-desired-count", Severity::Warning, "1 tasks < 2");
    for (name, change) in SILENT {
        let all = |it: &mut World| {
            change(it);
            it.policy.refuse_on_warnings = CHECKS.iter().map(|it| it.name.to_owned()).collect();
        };
        check(all, name, Severity::Unknown, SILENCE);
    }
}

#[test]
fn refusals_come_first_and_what_is_not_known_last() {
    let world = world(|it| {
        it.facts.alarms = silence();
        it.facts.platforms = Ok(vec!["linux/arm64".to_owned()]);
        it.plan.idle.desired = 1;
        it.facts.log_groups[0].exists = Ok(false);
    });
    let findings = world.findings();
    let found: Vec<_> = findings.iter().map(|it| it.severity).collect();
    use Severity::{Refusal, Unknown, Warning};
    assert_eq!(found, [Refusal, Refusal, Warning, Unknown]);
    let reason = may_pass(&findings).expect_err("a refusal");
    assert!(
        reason.as_str().contains(". wrong-architecture: "),
        "{reason}"
    );
    assert!(!reason.as_str().contains("low-desired-count"), "{reason}");
}

#[test]
fn a_release_of_ones_own_in_progress_is_nothing_to_be_found() {
    let world = world(|it| {
        it.record.holder = Some(ME.into());
        let release = it.release();
        (release.from, release.to) = (Environment::Blue, Environment::Green);
        (release.phase, release.id) = (record::Phase::Deploying, "r2".into());
        release.from_digest = Some(healthy::LIVE.into());
        release.to_digest = healthy::NEW.into();
    });
    assert_eq!(world.findings(), []);
}
