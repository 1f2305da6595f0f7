//! Wirings that only look like what a check finds.

use super::harmless::{Harmless, synced};
use super::routes::{by_header, default_of, forwarding_to, on, weighted};
use aws_sdk_ecs::types::{
    DeploymentController, DeploymentControllerType, DeploymentStrategy, LoadBalancer,
    SchedulingStrategy,
};
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum, ProtocolEnum, TargetTypeEnum};
use fixtures::target_health;

fn of_type(kind: ActionTypeEnum) -> Action {
    Action::builder().r#type(kind).build()
}

pub const WIRED: &[Harmless] = &[
    ("one weighted forward of both, and no preview", |world| {
        world.remove_rules(&["arn:blue-preview", "arn:green-preview"]);
        world.set_rule(weighted(100, 0, false));
    }),
    ("a weighted default action that is flipped", |world| {
        world.remove_rules(&["arn:blue-preview", "arn:green-preview"]);
        world.listener_rules()[0].rule.actions = vec![weighted(1, 0, false)];
        world.list("arn:listener", weighted(1, 0, false));
    }),
    ("a preview rule in place of a listener", |world| {
        world.remove_rules(&["arn:blue-preview"]);
        world.add_rule(by_header(forwarding_to("tg-blue")));
        world.policy.preview_rules.push("arn:by-header".to_owned());
    }),
    ("a preview listener with rules", |world| {
        let action = forwarding_to("tg-green");
        world.add_rule(on("arn:green-preview", "HTTP:8082", "arn:path", action));
    }),
    ("a preview listener by its default rule", |world| {
        world.add_rule(default_of("arn:lab", "HTTP:9000", forwarding_to("tg-blue")));
        let mut rules = world.listener_rules().iter_mut();
        let default = rules.next_back().expect("the listener");
        default.default_rule = Some("arn:default-of-lab".to_owned());
        world
            .policy
            .preview_rules
            .push("arn:default-of-lab".to_owned());
    }),
    ("a rule and its listener are two things", |world| {
        world.listener_rules()[0].rule.actions = vec![forwarding_to("tg-blue")];
        world.list("arn:listener", forwarding_to("tg-blue"));
    }),
    ("a rule that authenticates before it forwards", |world| {
        let login = of_type(ActionTypeEnum::AuthenticateOidc);
        world.listener_rules()[1]
            .rule
            .actions
            .insert(0, login.clone());
        world.snapshot.rules[0].actions.insert(0, login);
    }),
    ("a redirect from a second listener", |world| {
        let redirect = of_type(ActionTypeEnum::Redirect);
        world.add_rule(default_of("arn:http", "HTTP:8000", redirect));
    }),
    ("another service behind the same load balancer", |world| {
        world.add_rule(on(
            "arn:listener",
            "HTTP:80",
            "arn:cart",
            forwarding_to("tg-cart"),
        ));
    }),
    (
        "a group on two load balancers, the other on one of them",
        |world| {
            let both = ["arn:internal", "arn:alb"].map(str::to_owned);
            world.group().load_balancer_arns = Some(both.to_vec());
        },
    ),
    ("two ports of a service in its own group", |world| {
        let second = world.balancers()[0].clone();
        world.balancers().push(second);
    }),
    (
        "a second group that is neither blue's nor green's",
        |world| {
            let internal = LoadBalancer::builder().target_group_arn("tg-internal");
            let internal = internal.container_name("api").container_port(8080);
            world.balancers().push(internal.build());
        },
    ),
    ("a target of both groups that is on its way out", |world| {
        let leaving = target_health("10.0.0.1", "draining");
        world.green().targets.push(leaving);
        let leaving = target_health("10.0.0.2", "draining");
        world.blue().targets.push(leaving);
    }),
    ("two tasks of one instance", |world| {
        let mut second = target_health("10.0.0.1", "healthy");
        second.target.port = 32769;
        world.green().targets.push(second);
    }),
    ("a port within a range", |world| {
        let mapping = &mut world.containers()[0].port_mappings;
        let mapping = &mut mapping.as_mut().expect("mappings")[0];
        mapping.container_port = None;
        mapping.container_port_range = Some("8000-8100".to_owned());
    }),
    ("settings that are the defaults, written out", |world| {
        let controller = DeploymentController::builder();
        let controller = controller.r#type(DeploymentControllerType::Ecs).build();
        world.service().deployment_controller = Some(controller.expect("a type"));
        world.service().scheduling_strategy = Some(SchedulingStrategy::Replica);
        let deployment = world.deployment();
        deployment.strategy = Some(DeploymentStrategy::Rolling);
        deployment.lifecycle_hooks = Some(Vec::new());
    }),
    ("another protocol behind a base URL", |world| {
        world.group().protocol_version = Some("GRPC".to_owned());
        world.policy.base_urls.green = Some("http://green.internal".to_owned());
    }),
    ("instances behind a base URL", |world| {
        world.group().target_type = Some(TargetTypeEnum::Instance);
        world.group().protocol = Some(ProtocolEnum::Https);
        world.policy.base_urls.green = Some("http://green.internal".to_owned());
    }),
    ("a port that a revision of one's own changes", |world| {
        world.own_revision();
        let mapping = &mut world.containers()[0].port_mappings;
        mapping.as_mut().expect("mappings")[0].container_port = Some(9090);
        world.balancers()[0].container_port = Some(9090);
    }),
    ("what only a flip would stumble over, in a sync", |world| {
        world.plan.sync = true;
        synced(world);
        world.listener_rules()[0].rule.actions = vec![forwarding_to("tg-blue")];
        world.list("arn:default", forwarding_to("tg-blue"));
        world.remove_rules(&["arn:blue-preview"]);
        world.group().load_balancer_arns = Some(vec!["arn:internal".to_owned()]);
    }),
];
