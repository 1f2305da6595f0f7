//! B12: rules that follow each flip inversely, so that a test header reaches the idle environment.

use crate::case::Case;
use serde_json::{Value, json};

/// A rule for a header, and the same rule beside it.
const IDLE: &str = "elb:listener-rule/app/shop/1/80/5";
const SECOND: &str = "elb:listener-rule/app/shop/1/80/6";

pub fn cases() -> Vec<Case> {
    let mut cases = wired();
    cases.extend(followed());
    cases
}

/// A release of `v1.1.0` from blue to green, in a stack that is wired so.
fn release(title: &'static str, changes: Value) -> Case {
    Case::new("B12", title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

/// Behind a sign-in, with a forward to these groups.
fn rule(arn: &str, groups: &[(&str, u32)]) -> Value {
    let group = |(name, weight): &(&str, u32)| {
        let arn = format!("elb:targetgroup/{name}/1");
        json!({"TargetGroupArn": arn, "Weight": weight})
    };
    let groups: Vec<Value> = groups.iter().map(group).collect();
    let header = json!({"HttpHeaderName": "x-test", "Values": ["1"]});
    json!({
        "RuleArn": arn, "Priority": "5", "IsDefault": false,
        "Conditions": [{"Field": "http-header", "HttpHeaderConfig": header}],
        "Actions": [
            {"Type": "authenticate-cognito", "Order": 1},
            {"Type": "forward", "Order": 2, "ForwardConfig": {"TargetGroups": groups}},
        ],
    })
}

fn wired() -> Vec<Case> {
    let to_green = || rule(IDLE, &[("green", 1)]);
    let green_alone = json!(["elb:listener/app/shop/1/8082"]);
    vec![
        release("it is no forgotten rule", json!({"rules/idle": to_green(), "parameters/IdleRuleArns": [IDLE]}))
            .releases(),
        release("it would leave blue only after the flip", json!({
            "rules/idle": to_green(), "parameters/IdleRuleArns": [IDLE],
            "listeners/blue": null, "parameters/PreviewRuleArns": green_alone,
        }))
        .refuses("way-back-shut", &["after the flip blue's"]),
        release("it keeps both groups on the load balancer", json!({
            "rules/idle": rule(IDLE, &[("blue", 0), ("green", 100)]), "parameters/IdleRuleArns": [IDLE],
            "listeners/blue": null, "listeners/green": null, "parameters/PreviewRuleArns": "",
        }))
        .releases(),
        release("it is flipped as well", json!({"parameters/IdleRuleArns": ["elb:listener-rule/app/shop/1/80/1"]}))
            .refuses("same-twice", &["is in ListenerRuleArns and in IdleRuleArns"]),
        release("it is a preview as well", json!({"parameters/IdleRuleArns": ["elb:listener/app/shop/1/8082"]}))
            .refuses("same-twice", &["is in PreviewRuleArns and in IdleRuleArns"]),
    ]
}

/// The release's flip, with two rules that follow.
fn flipped(title: &'static str, changes: Value) -> Case {
    let followers = json!({
        "rules/idle": rule(IDLE, &[("green", 1)]), "rules/second": rule(SECOND, &[("blue", 0), ("green", 1)]),
        "parameters/IdleRuleArns": [IDLE, SECOND],
    });
    release(title, followers)
        .releases()
        .passes_smoke()
        .change(changes)
        .calls("flip", crate::flip::flip_task(2))
        .answers(json!({"decision": "flipped"}))
}

/// What the rules do.
fn forward_to(first: &str, of_second: [(&str, u32); 2]) -> Value {
    let actions = |groups: &[(&str, u32)]| rule("", groups)["Actions"].take();
    json!({"rules/idle/Actions": actions(&[(first, 1)]), "rules/second/Actions": actions(&of_second)})
}

fn followed() -> Vec<Case> {
    let back = json!({
        "action": "flip-back", "release": "$release", "execution": "$execution.id", "reason": "slow",
    });
    vec![
        flipped("it follows there and back", json!({}))
            .has(forward_to("blue", [("green", 0), ("blue", 1)]))
            .calls("flip", back)
            .answers(json!({"decision": "flipped-back"}))
            .has(forward_to("green", [("blue", 0), ("green", 1)])),
        flipped("it is gone", json!({"rules/idle": null}))
            .saying(&[
                "a rule in IdleRuleArns may not forward to the idle environment",
                "RuleNotFound",
            ])
            .has(
                json!({"rules/second/Actions": rule("", &[("green", 0), ("blue", 1)])["Actions"]}),
            ),
    ]
}
