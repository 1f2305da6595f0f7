//! The rules of the preflight's tests: one that is flipped on port 80, and a preview listener for each environment.

use crate::look::ListenerRule;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupStickinessConfig, TargetGroupTuple,
};
use shared::routing::LiveRule;

pub const PREVIEW_LISTENERS: [&str; 2] = ["arn:blue-preview", "arn:green-preview"];

/// Every rule of the load balancer, default actions included.
pub fn listener_rules() -> Vec<ListenerRule> {
    let not_found = Action::builder()
        .r#type(ActionTypeEnum::FixedResponse)
        .build();
    vec![
        ListenerRule {
            default_rule: Some("arn:default".to_owned()),
            ..on("arn:listener", "HTTP:80", "arn:listener", not_found)
        },
        on(
            "arn:listener",
            "HTTP:80",
            "arn:rule",
            forwarding_to("tg-blue"),
        ),
        default_of("arn:blue-preview", "HTTP:8081", forwarding_to("tg-blue")),
        default_of("arn:green-preview", "HTTP:8082", forwarding_to("tg-green")),
    ]
}

/// A rule of a listener.
pub fn on(listener: &str, name: &str, rule: &str, action: Action) -> ListenerRule {
    ListenerRule {
        listener: listener.to_owned(),
        name: name.to_owned(),
        rule: LiveRule {
            arn: rule.to_owned(),
            actions: vec![action],
        },
        default_rule: None,
    }
}

/// A rule for a test header.
pub fn by_header(action: Action) -> ListenerRule {
    on("arn:listener", "HTTP:80", "arn:by-header", action)
}

/// A listener's default action.
pub fn default_of(listener: &str, name: &str, action: Action) -> ListenerRule {
    on(listener, name, listener, action)
}

pub fn forwarding_to(group: &str) -> Action {
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .target_group_arn(group)
        .build()
}

/// A forward of one target group that is written as one of several; sticky or not.
pub fn alone(group: &str, sticky: bool) -> Action {
    let mut action = weighted(100, 0, sticky);
    let forward = action.forward_config.as_mut().expect("a forward");
    let groups = forward.target_groups.get_or_insert_default();
    groups.retain(|it| it.target_group_arn() == Some(group));
    action
}

/// One forward of both target groups, with their weights; sticky or not.
pub fn weighted(blue: i32, green: i32, sticky: bool) -> Action {
    let sticky = TargetGroupStickinessConfig::builder().enabled(sticky);
    let group = |arn: &str, weight| {
        let group = TargetGroupTuple::builder().target_group_arn(arn);
        group.weight(weight).build()
    };
    let forward = ForwardActionConfig::builder()
        .target_groups(group("tg-blue", blue))
        .target_groups(group("tg-green", green))
        .target_group_stickiness_config(sticky.build());
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(forward.build())
        .build()
}
