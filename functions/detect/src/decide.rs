//! Whether the image can be released, and the plan for it.

use crate::world::{Found, FoundSide};
use shared::targets::healthy;
use shared::{Environment, Image, Plan, Side};

/// The release that is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub release: String,
    pub execution: String,
    pub image: Image,
    /// A revision that the team registered itself.
    pub task_definition: Option<String>,
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Release(Plan),
    /// There is nothing to release, and why.
    Skip(String),
    /// It must not be released now; the reason says what was found and what to do.
    Refuse(String),
}

/// Decides from what was found at one moment.
pub fn decide(found: &Found, wanted: &Wanted) -> Decision {
    match plan(found, wanted) {
        Err(reason) => Decision::Refuse(reason),
        Ok(plan) => match already_live(&plan) {
            Some(reason) => Decision::Skip(reason),
            None => Decision::Release(plan),
        },
    }
}

fn plan(found: &Found, wanted: &Wanted) -> Result<Plan, String> {
    let from = found.active.clone()?;
    let (active, idle) = (found.sides.get(from), found.sides.get(from.other()));
    if healthy(&active.targets) == 0 {
        return Err(format!(
            "active {from} has no healthy target (registered: {}), so a flip back would have nowhere to go. \
             Bring {from} back first, or point the rule at the environment that works.",
            active.targets.len()
        ));
    }
    Ok(Plan {
        release: wanted.release.clone(),
        execution: wanted.execution.clone(),
        image: wanted.image.clone(),
        task_definition: wanted.task_definition.clone(),
        from,
        to: from.other(),
        active: side(from, active)?,
        idle: side(from.other(), idle)?,
        warnings: Vec::new(),
    })
}

fn side(environment: Environment, found: &FoundSide) -> Result<Side, String> {
    let (cluster, name) = (&found.name.cluster, &found.name.service);
    let service = found
        .service
        .as_ref()
        .filter(|service| service.status() == Some("ACTIVE"));
    let service = service.ok_or_else(|| {
        format!("{environment}: cluster {cluster} has no ACTIVE service {name}. Check the stack's parameters.")
    })?;
    let balanced: Vec<_> = service
        .load_balancers()
        .iter()
        .filter_map(|it| it.target_group_arn())
        .collect();
    if !balanced.contains(&found.target_group.as_str()) {
        return Err(format!(
            "{environment}: service {name} registers its tasks in {balanced:?}, expected {}. \
             Give the service the environment's target group.",
            found.target_group
        ));
    }
    attached(environment, found)?;
    Ok(Side {
        environment,
        cluster: cluster.clone(),
        service: name.clone(),
        target_group: found.target_group.clone(),
        protocol: found
            .group
            .as_ref()
            .and_then(|it| it.protocol())
            .map_or("HTTP", |it| it.as_str())
            .to_owned(),
        task_definition: service.task_definition().unwrap_or_default().to_owned(),
        desired: service.desired_count(),
        running: service.running_count(),
        digest: match found.digests.as_slice() {
            [digest] => Some(digest.clone()),
            _ => None,
        },
    })
}

/// A target group that no rule uses is never health-checked, so its targets could not be proven.
fn attached(environment: Environment, found: &FoundSide) -> Result<(), String> {
    let on_a_rule = found
        .group
        .as_ref()
        .is_some_and(|group| !group.load_balancer_arns().is_empty());
    let unused = found
        .targets
        .iter()
        .any(|target| target.state == "unused" && target.reason == "Target.NotInUse");
    if on_a_rule && !unused {
        return Ok(());
    }
    Err(format!(
        "{environment}: target group {} is on no rule (unused), so the load balancer does not check its targets. \
         Keep it on a rule of its own, for example one by header.",
        found.target_group
    ))
}

/// Why there is nothing to release; a revision of the team's may differ in more than its image.
fn already_live(plan: &Plan) -> Option<String> {
    let from = plan.from;
    match &plan.task_definition {
        Some(arn) => (*arn == plan.active.task_definition)
            .then(|| format!("{arn} is live in {from} already")),
        None => (plan.active.digest.as_deref() == Some(plan.image.digest.as_str()))
            .then(|| format!("{} is live in {from} already", plan.image.digest)),
    }
}

#[cfg(test)]
mod tests {
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
}
