//! B2 and B4: services and targets in two groups, services that ECS itself would shift, or that could not run a
//! revision.

use crate::case::Case;
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = both_groups();
    cases.extend(both_lists());
    cases.extend(strategies());
    cases.extend(unfit());
    cases
}

fn release(row: &'static str, title: &'static str, changes: Value) -> Case {
    Case::new(row, title)
        .change(changes)
        .asks(json!({"tag": "v1.1.0"}))
}

fn both_groups() -> Vec<Case> {
    let entry = |group: &str| {
        let arn = format!("elb:targetgroup/{group}/1");
        json!({"targetGroupArn": arn, "containerName": "api", "containerPort": 8080})
    };
    vec![
        release(
            "B2",
            "idle's tasks are in active's group as well",
            json!({"services/green/loadBalancers/+": entry("blue")}),
        )
        .refuses("in-both-groups", &["green", "elb:targetgroup/blue/1"]),
        release(
            "B2",
            "active's tasks are in idle's group as well",
            json!({"services/blue/loadBalancers/+": entry("green")}),
        )
        .refuses("in-both-groups", &["blue", "elb:targetgroup/green/1"]),
        release(
            "B2",
            "a third group, of a team's own",
            json!({
                "groups/internal": {"TargetGroupArn": "elb:targetgroup/internal/1", "Targets": {}},
                "services/green/loadBalancers/+": entry("internal"),
            }),
        )
        .releases(),
        release(
            "B2",
            "idle's tasks are in another group",
            json!({
                "groups/internal": {"TargetGroupArn": "elb:targetgroup/internal/1", "Targets": {}},
                "services/green/loadBalancers/0/targetGroupArn": "elb:targetgroup/internal/1",
            }),
        )
        .refuses("other-group", &["green", "elb:targetgroup/internal/1"]),
        release(
            "B2",
            "idle's tasks are in no group",
            json!({"services/green/loadBalancers": []}),
        )
        .refuses("other-group", &["green"]),
    ]
}

/// Targets that somebody has registered, whatever the services say.
fn both_lists() -> Vec<Case> {
    let target = |group: &str, address: &str| format!("groups/{group}/Targets/{address}");
    let refused =
        |title, changes, says| release("B2", title, changes).refuses("in-both-groups", says);
    let silent = |title, changes| release("B2", title, changes).releases();
    vec![
        refused(
            "idle's task is registered in active's group by hand",
            json!({target("blue", "10.0.2.1:8080"): "healthy"}),
            &["elb:targetgroup/blue/1", "10.0.2.1:8080", "by hand"],
        ),
        refused(
            "active's task is registered in idle's group by hand, and fails there",
            json!({target("green", "10.0.1.2:8080"): "unhealthy"}),
            &["elb:targetgroup/green/1", "10.0.1.2:8080"],
        ),
        silent(
            "a target of the other group that is on its way out",
            json!({target("blue", "10.0.2.1:8080"): "draining"}),
        ),
        silent(
            "two ports of one address",
            json!({target("blue", "10.0.2.1:8081"): "healthy"}),
        ),
    ]
}

/// The live revision is copied to idle: what idle's service could not run.
fn unfit() -> Vec<Case> {
    let on_instances = json!({
        "taskDefinitions/7/networkMode": "bridge", "taskDefinitions/7/requiresCompatibilities": ["EC2"],
        "taskDefinitions/7/runtimePlatform": {"cpuArchitecture": "X86_64"},
        "services/blue/launchType": "EC2", "groups/blue/TargetType": "instance",
        "parameters/BlueBaseUrl": "http://blue.shop.internal", "parameters/GreenBaseUrl": "http://green.shop.internal",
    });
    let both = |title, changes: Value| {
        let case = Case::new("B4", title).change(on_instances.clone());
        case.change(changes).asks(json!({"tag": "v1.1.0"}))
    };
    vec![
        both("active runs on instances, idle on Fargate", json!({})).refuses(
            "service-mismatch",
            &[
                "networkMode is bridge",
                "requiresCompatibilities are EC2",
                "green",
            ],
        ),
        both(
            "active's targets are instances, idle's are addresses",
            json!({"services/green/launchType": "EC2"}),
        )
        .refuses("service-mismatch", &["networkMode is bridge", "type ip"]),
        both(
            "both run on instances",
            json!({
                "services/green/launchType": "EC2", "groups/green/TargetType": "instance",
            }),
        )
        .releases(),
    ]
}

fn strategies() -> Vec<Case> {
    let refused =
        |title, changes, says| release("B4", title, changes).refuses("deployment-strategy", says);
    let green = "services/green/deploymentConfiguration/strategy";
    let hooks = "services/green/deploymentConfiguration/lifecycleHooks";
    let advanced = "services/green/loadBalancers/0/advancedConfiguration";
    let controller = "services/green/deploymentController/type";
    let hook = json!([{"targetType": "PAUSE", "lifecycleStages": ["PRE_SCALE_UP"]}]);
    let lambda = json!([{
        "hookTargetArn": "arn:aws:lambda:eu-west-1:111122223333:function:check", "lifecycleStages": ["POST_SCALE_UP"],
    }]);
    let shifting = json!({
        "alternateTargetGroupArn": "elb:targetgroup/other/1",
        "productionListenerRule": "elb:listener-rule/app/shop/1/80/1",
    });
    vec![
        refused("ECS's own blue-green", json!({green: "BLUE_GREEN"}), &["green", "BLUE_GREEN", "ROLLING"]),
        refused("ECS's own linear", json!({green: "LINEAR"}), &["LINEAR", "ROLLING"]),
        refused("ECS's own canary", json!({green: "CANARY"}), &["CANARY", "ROLLING"]),
        refused("on active alone", json!({"services/blue/deploymentConfiguration/strategy": "BLUE_GREEN"}),
            &["blue", "BLUE_GREEN"]),
        refused("a hook that pauses", json!({hooks: hook}), &["green", "lifecycleHooks"]),
        refused("a hook that asks a function", json!({hooks: lambda}), &["lifecycleHooks"]),
        refused("a rule that ECS would shift", json!({advanced: shifting}),
            &["green", "advancedConfiguration"]),
        refused("CodeDeploy", json!({controller: "CODE_DEPLOY"}), &["CODE_DEPLOY", "ECS"]),
        refused("another controller", json!({controller: "EXTERNAL"}), &["EXTERNAL", "ECS"]),
        refused("a daemon", json!({"services/green/schedulingStrategy": "DAEMON"}), &["DAEMON", "REPLICA"]),
        release("B4", "a service that says nothing of it is a rolling one", json!({
            green: null, "services/green/deploymentController": null, "services/green/schedulingStrategy": null,
        }))
        .releases(),
        release("B4", "empty lists are no hooks", json!({hooks: []})).releases(),
    ]
}
