//! The tests of `decide.rs`.

use super::*;
use aws_sdk_ecs::types::{LoadBalancer, Service};
use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetGroup};
use fixtures::target_health;
use record::{Origin, RequestKind};
use shared::targets::TargetHealth;
use shared::{Digest, PerEnvironment};

fn service(status: &str, group: &str) -> Option<Service> {
    let balancer = LoadBalancer::builder().target_group_arn(group).build();
    let service = Service::builder()
        .status(status)
        .load_balancers(balancer)
        .task_definition("td:1");
    Some(service.desired_count(2).running_count(2).build())
}

fn observation(name: &str) -> EnvironmentObservation {
    let group = TargetGroup::builder()
        .protocol(ProtocolEnum::Http)
        .load_balancer_arns("alb")
        .build();
    EnvironmentObservation {
        service: service("ACTIVE", &format!("tg-{name}")),
        group: Some(group),
        targets: vec![target_health("10.0.0.1", "healthy")],
        digests: vec![format!("sha256:{name}").into()],
        ..EnvironmentObservation::test(name)
    }
}

fn snapshot() -> Snapshot {
    let environments = PerEnvironment {
        blue: observation("blue"),
        green: observation("green"),
    };
    Snapshot {
        active: Ok(Environment::Blue),
        rules: Vec::new(),
        environments,
    }
}

fn decided(
    snapshot: &Snapshot,
    request: impl Into<ExecutionRequest>,
    digest: &str,
) -> Result<Decision, Refusal> {
    let execution = Execution {
        arn: "arn:r1".into(),
        name: "r1".into(),
        start_time: fixtures::at(0),
        heeds: true,
    };
    let image = Image {
        uri: format!("shop@{digest}"),
        tag: None,
        digest: digest.into(),
    };
    decide(snapshot, &request.into(), &execution, image, false)
}

/// A release of an image, by its digest.
fn released(snapshot: &Snapshot, digest: &str) -> Result<Decision, Refusal> {
    let request = Request::Digest {
        digest: digest.into(),
        tag: None,
    };
    decided(snapshot, request, digest)
}

fn refused(change: impl Fn(&mut Snapshot), expect: &str) {
    let mut snapshot = snapshot();
    change(&mut snapshot);
    let decision = released(&snapshot, "sha256:new");
    assert!(
        matches!(&decision, Err(reason) if reason.as_str().contains(expect)),
        "{decision:?}"
    );
}

#[test]
fn a_new_image_goes_to_the_idle_environment() {
    let Ok(Decision::Release(plan)) = released(&snapshot(), "sha256:new") else {
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
    assert_eq!(plan.active.digest, Some(Digest::from("sha256:blue")));
}

#[test]
fn an_image_that_is_live_is_nothing_to_release() {
    let decision = released(&snapshot(), "sha256:blue");
    let live = "sha256:blue is live in blue already".to_owned();
    assert_eq!(decision, Ok(Decision::Skip(live)));
    let idle = released(&snapshot(), "sha256:green");
    assert!(
        matches!(idle, Ok(Decision::Release(_))),
        "an image that idles is released by flipping to it"
    );
}

#[test]
fn a_revision_of_the_teams_is_live_only_when_it_is_that_revision() {
    let check = |arn: &str, live| {
        let request = Request::TaskDefinition(arn.to_owned());
        let decision = decided(&snapshot(), request, "sha256:blue");
        assert_eq!(matches!(decision, Ok(Decision::Skip(_))), live, "{arn}");
    };
    check("td:1", true);
    check("td:2", false);
}

#[test]
fn ci_releases_a_revision_of_the_live_family_only() {
    let from = |source: Source, arn: &str| {
        let origin = Origin {
            source,
            ..Origin::of(RequestKind::TaskDefinition)
        };
        let request = ExecutionRequest {
            origin: Some(origin),
            ..Request::TaskDefinition(arn.to_owned()).into()
        };
        decided(&snapshot(), request, "sha256:new")
    };
    let (ours, other) = ["td:2", "worker:2"]
        .map(|it| format!("arn:aws:ecs:eu-west-1:1:task-definition/{it}"))
        .into();
    for (source, arn) in [
        (Source::Ci, &ours),
        (Source::Execution, &ours),
        (Source::Execution, &other),
    ] {
        let decision = from(source, arn);
        assert!(matches!(decision, Ok(Decision::Release(_))), "{arn}");
    }
    let expect = "expected a revision of family td, which active blue runs, found worker; CI's machine releases no \
                  other one. Let an operator start STACK-release.";
    assert_eq!(from(Source::Ci, &other), Err(Refusal::from(expect)));
}

#[test]
fn what_cannot_be_proven_is_refused_with_what_was_found() {
    refused(
        |snapshot| snapshot.active = Err(Refusal::from("the rules disagree")),
        "the rules disagree",
    );
    refused(
        |snapshot| snapshot.environments.green.service = None,
        "shop-green has no ACTIVE service api",
    );
    refused(
        |snapshot| snapshot.environments.green.service = service("DRAINING", "tg-green"),
        "no ACTIVE service",
    );
}

/// So that the preflight can say all of it at once.
#[test]
fn whatever_else_is_wrong_leaves_a_plan_to_be_made() {
    let mut snapshot = snapshot();
    snapshot.environments.blue.targets.clear();
    let green = &mut snapshot.environments.green;
    green.service = service("ACTIVE", "tg-x");
    green.group = Some(TargetGroup::builder().build());
    green.targets = vec![TargetHealth {
        reason: "Target.NotInUse".to_owned(),
        ..target_health("10.0.0.1", "unused")
    }];
    let decision = released(&snapshot, "sha256:new");
    assert!(matches!(decision, Ok(Decision::Release(_))), "{decision:?}");
}
