//! D2: cookies that decide before the weights do, or that the weights break.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let forward = |groups: Value| {
        json!([{"Type": "forward", "Order": 1, "ForwardConfig": {
            "TargetGroups": groups,
            "TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 3600},
        }}])
    };
    let blue = || json!([{"TargetGroupArn": "elb:targetgroup/blue/1", "Weight": 1}]);
    let both = json!([
        {"TargetGroupArn": "elb:targetgroup/blue/1", "Weight": 100},
        {"TargetGroupArn": "elb:targetgroup/green/1", "Weight": 0},
    ]);
    let with = |title, actions: Value, traffic: &str| {
        Case::new("D2", title)
            .change(json!({"rules/http/Actions": actions}))
            .asks(json!({"tag": "v1.1.0", "traffic": traffic}))
    };
    let outranks: &[&str] = &["elb:listener-rule/app/shop/1/80/1 has it enabled"];
    vec![
        with(
            "a rule whose cookie outranks the weights",
            forward(both),
            "AllAtOnce",
        )
        .refuses("group-stickiness", outranks),
        with(
            "a rule that a share makes one of two groups",
            forward(blue()),
            "10:300,100:120",
        )
        .refuses("group-stickiness", outranks),
        with(
            "a cookie for one group alone means nothing",
            forward(blue()),
            "AllAtOnce",
        )
        .releases(),
        Case::new("D2", "target groups with a cookie of their own")
            .change(json!({"groups/green/Attributes/stickiness.enabled": "true"}))
            .asks(json!({"tag": "v1.1.0", "traffic": "10:300,100:120"}))
            .releases()
            .warns("target-stickiness", &["green", "While traffic is split"]),
    ]
}
