//! Facts that could not be looked up.

use super::world::World;
use super::{check, world};
use crate::look::Fact;
use crate::preflight::{Severity, may_pass};

/// A fact that could not be had, and the check that says so.
pub type Silence = (&'static str, fn(&mut World));

pub const SILENT: &[Silence] = &[
    ("role-not-passable", |it| it.facts.wanted = silence()),
    ("target-stickiness", |it| {
        it.facts.attributes.blue = silence();
    }),
    ("target-stickiness", |it| {
        it.facts.attributes.green = silence();
    }),
    ("low-scaling-ceiling", |it| {
        it.facts.ceilings.green = silence();
    }),
    ("wrong-architecture", |it| it.facts.platforms = silence()),
    ("alarm-on", |it| it.facts.alarms = silence()),
    ("rollback-alarm", |it| it.facts.rollback_alarms = silence()),
    ("no-log-group", |it| {
        it.facts.log_groups[0].exists = silence();
    }),
    ("no-secret", |it| it.facts.secrets[0].exists = silence()),
    ("image-gone", |it| it.push_times = silence()),
    ("way-back-shut", |it| it.facts.listener_rules = silence()),
];

pub const SILENCE: &str = "AWS did not answer";

pub fn silence<T>() -> Fact<T> {
    Err(SILENCE.into())
}

#[test]
fn a_fact_that_could_not_be_looked_up_is_found_and_refuses_nothing() {
    for (name, change) in SILENT {
        check(change, name, Severity::Unknown, "could not be looked up: ");
        check(change, name, Severity::Unknown, SILENCE);
        assert_eq!(may_pass(&world(change).findings()), Ok(()), "{name}");
    }
}

#[test]
fn what_the_group_itself_shows_refuses_although_the_rules_are_not_known() {
    let findings = world(|it| {
        it.facts.listener_rules = silence();
        it.group().load_balancer_arns = None;
    });
    let reason = may_pass(&findings.findings()).expect_err("a refusal");
    let expect = "green's target group tg-green is on no rule (unused)";
    assert!(reason.as_str().contains(expect), "{reason}");
}
