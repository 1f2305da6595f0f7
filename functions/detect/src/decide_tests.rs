//! The tests of `decide.rs`.

use super::*;
use crate::world::ServiceName;
use aws_sdk_ecs::types::{LoadBalancer, Service};
use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetGroup};
use shared::PerEnvironment;
use shared::targets::{Target, TargetHealth};

fn target(state: &str, reason: &str) -> TargetHealth {
    let target = Target {
        id: "10.0.0.1".to_owned(),
        port: 8080,
    };
    TargetHealth {
        target,
        state: state.to_owned(),
        reason: reason.to_owned(),
    }
}

fn service(status: &str, group: &str) -> Option<Service> {
    let balancer = LoadBalancer::builder().target_group_arn(group).build();
    let service = Service::builder()
        .status(status)
        .load_balancers(balancer)
        .task_definition("td:1");
    Some(service.desired_count(2).running_count(2).build())
}

fn found_side(name: &str) -> FoundSide {
    let group = TargetGroup::builder()
        .protocol(ProtocolEnum::Http)
        .load_balancer_arns("alb")
        .build();
    FoundSide {
        name: ServiceName {
            cluster: format!("shop-{name}"),
            service: "api".to_owned(),
        },
        target_group: format!("tg-{name}"),
        service: service("ACTIVE", &format!("tg-{name}")),
        group: Some(group),
        targets: vec![target("healthy", "")],
        digests: vec![format!("sha256:{name}")],
    }
}

fn found() -> Found {
    let sides = PerEnvironment {
        blue: found_side("blue"),
        green: found_side("green"),
    };
    Found {
        active: Ok(Environment::Blue),
        rules: Vec::new(),
        sides,
    }
}

fn wanted(digest: &str) -> Wanted {
    let image = Image {
        uri: format!("shop@{digest}"),
        tag: None,
        digest: digest.to_owned(),
    };
    Wanted {
        release: "r1".to_owned(),
        execution: "arn:r1".to_owned(),
        image,
        task_definition: None,
        migration: None,
        container: "api".to_owned(),
        sync: false,
    }
}

fn refused(change: impl Fn(&mut Found), expect: &str) {
    let mut found = found();
    change(&mut found);
    let decision = decide(&found, &wanted("sha256:new"));
    assert!(
        matches!(&decision, Decision::Refuse(reason) if reason.contains(expect)),
        "{decision:?}"
    );
}

#[test]
fn a_new_image_goes_to_the_idle_environment() {
    let Decision::Release(plan) = decide(&found(), &wanted("sha256:new")) else {
        panic!("not released")
    };
    assert_eq!(
        (plan.from, plan.to),
        (Environment::Blue, Environment::Green)
    );
    assert_eq!(
        (plan.active.desired, plan.idle.target_group.as_str()),
        (2, "tg-green")
    );
    assert_eq!(plan.active.digest.as_deref(), Some("sha256:blue"));
}

#[test]
fn an_image_that_is_live_is_nothing_to_release() {
    let decision = decide(&found(), &wanted("sha256:blue"));
    assert_eq!(
        decision,
        Decision::Skip("sha256:blue is live in blue already".to_owned())
    );
    let idle = decide(&found(), &wanted("sha256:green"));
    assert!(
        matches!(idle, Decision::Release(_)),
        "an image that idles is released by flipping to it"
    );
}

#[test]
fn a_revision_of_the_teams_is_live_only_when_it_is_that_revision() {
    let check = |arn: &str, live| {
        let wanted = Wanted {
            task_definition: Some(arn.to_owned()),
            ..wanted("sha256:blue")
        };
        assert_eq!(
            matches!(decide(&found(), &wanted), Decision::Skip(_)),
            live,
            "{arn}"
        );
    };
    check("td:1", true);
    check("td:2", false);
}

#[test]
fn what_cannot_be_proven_is_refused_with_what_was_found() {
    refused(
        |found| found.active = Err("the rules disagree".to_owned()),
        "the rules disagree",
    );
    refused(
        |found| found.sides.blue.targets.clear(),
        "active blue has no healthy target (registered: 0)",
    );
    refused(
        |found| found.sides.green.service = None,
        "shop-green has no ACTIVE service api",
    );
    refused(
        |found| found.sides.green.service = service("DRAINING", "tg-green"),
        "no ACTIVE service",
    );
    refused(
        |found| found.sides.green.service = service("ACTIVE", "tg-x"),
        "[\"tg-x\"], expected tg-green",
    );
    refused(
        |found| found.sides.green.group = Some(TargetGroup::builder().build()),
        "is on no rule (unused)",
    );
    refused(
        |found| found.sides.green.targets = vec![target("unused", "Target.NotInUse")],
        "(unused)",
    );
}
