//! B1: after the flip the environment that was live must still be on a rule, or nobody flips back to it.

use crate::case::Case;
use serde_json::{Value, json};

/// What both remedies are called.
const REMEDIES: &[&str] = &["listener of its own", "weight"];

pub fn cases() -> Vec<Case> {
    let mut cases = shut();
    cases.extend(shut_otherwise());
    cases.extend(open());
    cases
}

/// A release of `v1.1.0` from blue to green, in a stack that is wired so.
fn release(title: &'static str, changes: Value) -> Case {
    Case::new("B1", title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

fn forward(groups: &[(&str, u32)]) -> Value {
    let group = |(name, weight): &(&str, u32)| {
        let arn = format!("elb:targetgroup/{name}/1");
        json!({"TargetGroupArn": arn, "Weight": weight})
    };
    let groups: Vec<Value> = groups.iter().map(group).collect();
    json!([{"Type": "forward", "Order": 1, "ForwardConfig": {"TargetGroups": groups}}])
}

fn rule(arn: &str, actions: Value) -> Value {
    let header = json!({"HttpHeaderName": "x-slot", "Values": ["preview"]});
    let conditions = json!([{"Field": "http-header", "HttpHeaderConfig": header}]);
    json!({"RuleArn": arn, "Priority": "5", "IsDefault": false, "Conditions": conditions, "Actions": actions})
}

fn shut() -> Vec<Case> {
    let green_alone = json!(["elb:listener/app/shop/1/8082"]);
    let blue_alone = json!(["elb:listener/app/shop/1/8081"]);
    vec![
        release("the one preview listener is idle's for ever", json!({
            "listeners/blue": null, "parameters/PreviewRuleArns": green_alone,
        }))
        .refuses("way-back-shut", &["blue"]),
        release("both remedies are named", json!({"listeners/blue": null, "parameters/PreviewRuleArns": green_alone}))
            .refuses("way-back-shut", REMEDIES),
        release("idle is on no rule now, so nobody checks it", json!({
            "listeners/green": null, "parameters/PreviewRuleArns": blue_alone,
        }))
        .refuses("way-back-shut", &["green"]),
        release("neither has a rule of its own", json!({
            "listeners/green": null, "listeners/blue": null, "parameters/PreviewRuleArns": "",
        }))
        .refuses("way-back-shut", &["blue", "green"]),
        release("a rule by header is idle's for ever", json!({
            "listeners/green": null, "listeners/blue": null,
            "rules/preview": rule("elb:listener-rule/app/shop/1/80/2", forward(&[("green", 1)])),
            "parameters/PreviewRuleArns": ["elb:listener-rule/app/shop/1/80/2"],
        }))
        .refuses("way-back-shut", &["blue"]),
    ]
}

/// Several rules, default actions, and what belongs to the same question.
fn shut_otherwise() -> Vec<Case> {
    let green_alone = json!(["elb:listener/app/shop/1/8082"]);
    vec![
        release("two listed rules, and none that is fixed to blue", json!({
            "listeners/blue": null, "parameters/PreviewRuleArns": green_alone,
            "rules/https": rule("elb:listener-rule/app/shop/1/443/1", forward(&[("blue", 1)])),
            "listeners/https": {
                "ListenerArn": "elb:listener/app/shop/1/443", "LoadBalancerArn": "elb:loadbalancer/app/shop/1",
                "Port": 443, "Protocol": "HTTPS", "DefaultActions": [{"Type": "fixed-response"}],
            },
            "parameters/ListenerRuleArns": ["elb:listener-rule/app/shop/1/80/1", "elb:listener-rule/app/shop/1/443/1"],
        }))
        .refuses("way-back-shut", &["blue"]),
        release("a listener's default action is flipped", json!({
            "rules/http": null, "listeners/http/DefaultActions": forward(&[("blue", 1)]),
            "parameters/ListenerRuleArns": ["elb:listener/app/shop/1/80"],
            "listeners/blue": null, "parameters/PreviewRuleArns": green_alone,
        }))
        .refuses("way-back-shut", &["blue"]),
        release("the preview of idle is on another load balancer", json!({
            "loadBalancers/internal": {"LoadBalancerArn": "elb:loadbalancer/app/internal/1", "Type": "application"},
            "listeners/green": {
                "ListenerArn": "elb:listener/app/internal/1/80", "LoadBalancerArn": "elb:loadbalancer/app/internal/1",
                "Port": 80, "Protocol": "HTTP",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": "elb:targetgroup/green/1"}],
            },
            "parameters/PreviewRuleArns": ["elb:listener/app/shop/1/8081", "elb:listener/app/internal/1/80"],
        }))
        .refuses("two-load-balancers", &["loadbalancer/app/internal/1"]),
        release("nothing works to flip back to", json!({"groups/blue/Targets": {"10.0.1.1:8080": "unhealthy"}}))
            .refuses("no-healthy-target", &["blue"]),
        // Every other thing that is wrong is said with it.
        release("a plan shows all that is wrong at once", json!({
            "listeners/blue": null, "parameters/PreviewRuleArns": green_alone,
            "services/green/deploymentConfiguration/strategy": "CANARY",
            "groups/blue/HealthCheckPath": "/",
        }))
        .refuses("way-back-shut", &["blue"])
        .and_refuses("deployment-strategy", &["CANARY"])
        .warns("health-path", &["blue"]),
    ]
}

fn open() -> Vec<Case> {
    let weighted = |weights: &[(&str, u32)]| {
        json!({
            "rules/http/Actions": forward(weights), "listeners/blue": null, "listeners/green": null,
            "parameters/PreviewRuleArns": "",
        })
    };
    vec![
        release("one weighted forward of both", weighted(&[("blue", 100), ("green", 0)])).releases(),
        release("one weighted forward of both, the idle one first", weighted(&[("green", 0), ("blue", 1)])).releases(),
        release("a rule by header for each", json!({
            "listeners/green": null, "listeners/blue": null,
            "rules/to green": rule("elb:listener-rule/app/shop/1/80/2", forward(&[("green", 1)])),
            "rules/to blue": rule("elb:listener-rule/app/shop/1/80/3", forward(&[("blue", 1)])),
            "parameters/PreviewRuleArns": ["elb:listener-rule/app/shop/1/80/2", "elb:listener-rule/app/shop/1/80/3"],
        }))
        .releases(),
        release("one fixed rule that holds both", json!({
            "listeners/green": null, "listeners/blue": null,
            "rules/both": rule("elb:listener-rule/app/shop/1/80/2", forward(&[("green", 1), ("blue", 0)])),
            "parameters/PreviewRuleArns": ["elb:listener-rule/app/shop/1/80/2"],
        }))
        .releases(),
        release("one of two listed rules is weighted", json!({
            "rules/https": rule("elb:listener-rule/app/shop/1/80/2", forward(&[("blue", 100), ("green", 0)])),
            "listeners/green": null, "listeners/blue": null, "parameters/PreviewRuleArns": "",
            "parameters/ListenerRuleArns": ["elb:listener-rule/app/shop/1/80/1", "elb:listener-rule/app/shop/1/80/2"],
        }))
        .releases(),
        release("a weighted default action", json!({
            "rules/http": null, "listeners/http/DefaultActions": forward(&[("blue", 100), ("green", 0)]),
            "parameters/ListenerRuleArns": ["elb:listener/app/shop/1/80"],
            "listeners/blue": null, "listeners/green": null, "parameters/PreviewRuleArns": "",
        }))
        .releases(),
        release("there and back again with one weighted forward", weighted(&[("blue", 100), ("green", 0)]))
            .releases()
            .flips(2)
            .answers(json!({"decision": "flipped"}))
            .calls("flip", json!({
                "action": "flip-back", "release": "$release", "execution": "$execution.id", "reason": "slow",
            }))
            .answers(json!({"decision": "flipped-back"})),
    ]
}
