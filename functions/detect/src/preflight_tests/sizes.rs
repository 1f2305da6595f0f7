//! Answers fit, however much is found, and whatever others wrote.

use super::routes::{forwarding_to, on};
use super::world::World;
use crate::look::NamedResource;
use crate::preflight::{CHECKS, Severity, may_pass, shown, warnings};
use crate::task::{Answer, PreviewedAction};
use aws_sdk_ecs::types::ContainerDefinition;
use fixtures::assert_bounded;
use migrations::{Dialect, Step, review};
use serde_json::json;
use shared::ReleasePlan;

/// What nobody should have to read.
fn hostile(text: &str) -> String {
    format!("{text}\n\u{1b}[2J\u{202e}{}", "🚀".repeat(300))
}

/// A thousand containers, five thousand log groups, secrets and images, five hundred rules, and long texts everywhere.
fn world() -> World {
    let mut world = World::healthy();
    let container = |number: u32| {
        let name = hostile(&format!("agent-{number}-blue"));
        let variable = aws_sdk_ecs::types::KeyValuePair::builder()
            .name(hostile("DB_PASSWORD"))
            .value("x7Gh2kQ9")
            .build();
        let container = ContainerDefinition::builder().name(name);
        let container = container.image(hostile("vendor/agent:latest"));
        container.environment(variable).build()
    };
    world.containers().extend((0..1000).map(container));
    let resource = |number: u32| NamedResource {
        name: hostile(&format!("log group {number}")),
        exists: if number.is_multiple_of(2) {
            Ok(false)
        } else {
            Err(hostile("AccessDenied").into())
        },
    };
    world.facts.log_groups = (0..5000).map(resource).collect();
    world.facts.secrets = (0..5000).map(resource).collect();
    world.facts.platforms = Ok(vec![hostile("linux/arm64"); 5000]);
    for number in 0..500 {
        let arn = hostile(&format!("arn:beta-{number}"));
        world.list(&arn, forwarding_to("tg-blue"));
        let action = forwarding_to("tg-green");
        let name = hostile("HTTP:80");
        world.add_rule(on(
            "arn:listener",
            &name,
            &hostile(&format!("arn:gamma-{number}")),
            action,
        ));
        world.policy.preview_rules.push(arn);
    }
    let digests = (0..5000).map(|number| hostile(&format!("sha256:{number}")).as_str().into());
    world.snapshot.environments.green.digests = digests.collect();
    let alarms = world.facts.alarms.as_mut().expect("a check");
    alarms.warnings = vec![hostile("alarm x"); 500];
    let lock = format!("-- {}\nOPTIMIZE TABLE a;\n", "x".repeat(300));
    let ignored =
        hostile("-- lint-migration: ignore block-writes: ").replace('\n', " ") + "\n" + &lock;
    let sql = lock.repeat(2000) + &ignored.repeat(1000);
    world.sql = review(&sql, Dialect::Mysql, Step::Expand);
    world
}

#[test]
fn a_preview_and_a_refusal_fit_whatever_is_found() {
    let mut world = world();
    for all_refuse in [false, true] {
        if all_refuse {
            world.policy.refuse_on_warnings = CHECKS.iter().map(|it| it.name.to_owned()).collect();
        }
        let findings = world.findings();
        assert!(findings.len() > 10_000, "{}", findings.len());
        let refusal = may_pass(&findings).expect_err("a refusal");
        let names = findings
            .iter()
            .filter(|it| it.severity == Severity::Refusal);
        for name in names.map(|it| it.name) {
            assert!(refusal.as_str().contains(name), "{name}: {refusal}");
        }
        assert_bounded(&json!(Answer::refuse(refusal.clone())));
        let plan = ReleasePlan {
            warnings: warnings(&findings),
            ..world.plan.clone()
        };
        assert_bounded(&json!(Answer::Preview {
            would: PreviewedAction::Refuse,
            reason: refusal.into_reason(),
            findings: shown(&findings),
            plan: Some(Box::new(plan)),
            migration: None,
        }));
    }
}

#[test]
fn ten_findings_of_a_check_are_shown_and_the_others_counted() {
    let mut world = World::healthy();
    for number in 1..=12 {
        let arn = format!("arn:beta-{number}");
        let action = forwarding_to("tg-green");
        world.add_rule(on("arn:listener", "HTTP:80", &arn, action));
    }
    let findings = world.findings();
    let found = shown(&findings);
    assert_eq!((findings.len(), found.len()), (12, 11));
    assert_eq!(found[10].found, "and 2 more");
    let warnings = warnings(&findings);
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].contains("arn:beta-10 ") && warnings[0].contains("; and 2 more. "));
}
