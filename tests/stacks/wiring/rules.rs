//! B3 and B5: rules that nobody listed, default rules, and what is named twice.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = unlisted();
    cases.extend(shapes());
    cases.extend(fixed());
    cases.extend(defaults());
    cases.extend(twice());
    cases
}

fn release(row: &'static str, title: &'static str, changes: Value) -> Case {
    Case::new(row, title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

fn to(group: &str) -> Value {
    json!([{"Type": "forward", "TargetGroupArn": format!("elb:targetgroup/{group}/1")}])
}

fn listener(port: u16, protocol: &str, actions: Value) -> Value {
    json!({
        "ListenerArn": format!("elb:listener/app/shop/1/{port}"), "LoadBalancerArn": "elb:loadbalancer/app/shop/1",
        "Port": port, "Protocol": protocol, "DefaultActions": actions,
    })
}

fn rule(arn: &str, actions: Value) -> Value {
    let conditions = json!([{"Field": "path-pattern", "Values": ["/admin/*"]}]);
    json!({"RuleArn": arn, "Priority": "20", "IsDefault": false, "Conditions": conditions, "Actions": actions})
}

fn unlisted() -> Vec<Case> {
    let warned = |title, changes, says| {
        let case = release("B3", title, changes).releases();
        case.warns("unlisted-rule", says)
    };
    let second = |group| json!({"listeners/second": listener(8090, "HTTP", to(group))});
    let twin = |actions| listener(443, "HTTPS", actions);
    let nothing = json!([{"Type": "fixed-response"}]);
    vec![
        warned("a second listener", second("blue"), &["8090", "HTTP"]),
        warned("a listener to idle", second("green"), &["8090", "green"]),
        warned(
            "the HTTPS twin",
            json!({"listeners/https": twin(to("blue"))}),
            &["443", "HTTPS"],
        ),
        warned(
            "a rule of the HTTPS twin",
            json!({
                "listeners/https": twin(nothing), "rules/https": rule("elb:listener-rule/app/shop/1/443/7", to("blue")),
            }),
            &["443", "HTTPS", "listener-rule/app/shop/1/443/7"],
        ),
        warned(
            "a second rule of the same listener",
            json!({"rules/admin": rule("elb:listener-rule/app/shop/1/80/2", to("blue"))}),
            &["80", "listener-rule/app/shop/1/80/2"],
        ),
        warned(
            "the default action of the listener whose rule is listed",
            json!({"listeners/http/DefaultActions": to("blue")}),
            &["80"],
        ),
    ]
}

/// Forwards of other shapes, and rules that belong to others.
fn shapes() -> Vec<Case> {
    vec![
        release("B3", "a weighted rule that holds blue beside a third group", json!({
            "groups/beta": {"TargetGroupArn": "elb:targetgroup/beta/1", "Targets": {}},
            "rules/beta": rule("elb:listener-rule/app/shop/1/80/2", json!([{"Type": "forward",
            "ForwardConfig": {"TargetGroups": [
                {"TargetGroupArn": "elb:targetgroup/beta/1", "Weight": 5},
                {"TargetGroupArn": "elb:targetgroup/blue/1", "Weight": 95},
            ]}}])),
        }))
        .releases()
        .warns("unlisted-rule", &["elb:listener-rule/app/shop/1/80/2"]),
        release("B3", "a rule behind a sign-in", json!({
            "rules/admin": rule("elb:listener-rule/app/shop/1/80/2", json!([
                {"Type": "authenticate-cognito", "Order": 1},
                {"Type": "forward", "Order": 2, "TargetGroupArn": "elb:targetgroup/blue/1"},
            ])),
        }))
        .releases()
        .warns("unlisted-rule", &["elb:listener-rule/app/shop/1/80/2"]),
        release("B3", "it refuses where that is wanted", json!({
            "listeners/second": listener(8090, "HTTP", to("blue")), "parameters/RefuseOnWarnings": ["unlisted-rule"],
        }))
        .refuses("unlisted-rule", &["8090"]),
        release("B3", "rules of others are none of its business", json!({
            "groups/other": {"TargetGroupArn": "elb:targetgroup/other/1", "Targets": {}},
            "rules/other": rule("elb:listener-rule/app/shop/1/80/2", to("other")),
            "rules/redirect": rule("elb:listener-rule/app/shop/1/80/3", json!([{"Type": "redirect"}])),
        }))
        .releases(),
    ]
}

/// What a parameter names as fixed is no forgotten twin.
fn fixed() -> Vec<Case> {
    let second = || listener(8090, "HTTP", to("blue"));
    let known = |more: &str| {
        json!([
            "elb:listener/app/shop/1/8081",
            "elb:listener/app/shop/1/8082",
            more
        ])
    };
    vec![
        release("B3", "a listener that is named as fixed", json!({
            "listeners/second": second(), "parameters/PreviewRuleArns": known("elb:listener/app/shop/1/8090"),
        }))
        .releases(),
        release("B3", "a listener that is named as fixed by its default rule", json!({
            "listeners/second": second(),
            "parameters/PreviewRuleArns": known("elb:listener-rule/app/shop/1/8090/default"),
        }))
        .releases(),
        release("B3", "a rule that is named as fixed", json!({
            "rules/admin": rule("elb:listener-rule/app/shop/1/80/2", to("blue")),
            "parameters/PreviewRuleArns": known("elb:listener-rule/app/shop/1/80/2"),
        }))
        .releases(),
    ]
}

fn defaults() -> Vec<Case> {
    vec![
        release(
            "B5",
            "a default rule by its own ARN",
            json!({
                "rules/http": null, "listeners/http/DefaultActions": to("blue"),
                "parameters/ListenerRuleArns": ["elb:listener-rule/app/shop/1/80/default"],
            }),
        )
        .refuses(
            "default-rule",
            &[
                "elb:listener-rule/app/shop/1/80/default",
                "elb:listener/app/shop/1/80",
            ],
        ),
        release(
            "B5",
            "a default rule beside a rule",
            json!({
                "listeners/https": listener(443, "HTTPS", to("blue")),
                "parameters/ListenerRuleArns": ["elb:listener-rule/app/shop/1/80/1",
                "elb:listener-rule/app/shop/1/443/default"],
            }),
        )
        .refuses("default-rule", &["elb:listener/app/shop/1/443"]),
        release(
            "B5",
            "the listener's ARN stands for it",
            json!({
                "rules/http": null, "listeners/http/DefaultActions": to("blue"),
                "parameters/ListenerRuleArns": ["elb:listener/app/shop/1/80"],
            }),
        )
        .releases(),
    ]
}

/// The same ARN where two things are meant.
fn twice() -> Vec<Case> {
    vec![
        release("B2", "one target group for both", json!({"parameters/GreenTargetGroupArn": "elb:targetgroup/blue/1"}))
            .refuses_also("same-twice", &["elb:targetgroup/blue/1"]),
        release("B2", "one service for both", json!({"parameters/GreenServiceArn": "ecs:service/shop-blue/api"}))
            .refuses_also("same-twice", &["shop-blue/api"]),
        release("B2", "a rule that is listed twice", json!({"parameters/ListenerRuleArns": [
            "elb:listener-rule/app/shop/1/80/1", "elb:listener-rule/app/shop/1/80/1",
        ]}))
        .refuses("same-twice", &["elb:listener-rule/app/shop/1/80/1"]),
        release("B2", "a rule that is flipped and named as fixed", json!({"parameters/PreviewRuleArns": [
            "elb:listener/app/shop/1/8081", "elb:listener/app/shop/1/8082", "elb:listener-rule/app/shop/1/80/1",
        ]}))
        .refuses("same-twice", &["elb:listener-rule/app/shop/1/80/1"]),
        release("B2", "a rule and its listener are two", json!({
            "listeners/http/DefaultActions": to("blue"),
            "parameters/ListenerRuleArns": ["elb:listener-rule/app/shop/1/80/1", "elb:listener/app/shop/1/80"],
        }))
        .releases(),
    ]
}
