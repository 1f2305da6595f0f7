//! What stories change in the example environment.

use crate::environment::{AGENT, Change};
use serde_json::{Value, json};

/// The listener that only the team itself reaches.
pub(crate) const INTERNAL: u16 = 8090;

/// A stack as people have it: a second listener with a rule, and beside the API a worker of the same image, and an agent
/// that somebody else makes.
pub(crate) fn real_stack() -> Vec<Change> {
    let image =
        "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/${RepositoryName}:${ImageTag}";
    let container = |name: &str, image: Value| json!({"Name": name, "Image": image, "Essential": name != "agent", "Command": ["work"]});
    let worker = container("worker", json!({"Fn::Sub": image}));
    let agent = container("agent", json!(format!("{AGENT}:latest")));
    let to_blue = json!([{"Type": "forward", "TargetGroupArn": {"Ref": "BlueTargets"}}]);
    let reports =
        json!([{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/reports/*"]}}]);
    let listener = json!({"LoadBalancerArn": {"Ref": "LoadBalancer"}, "Port": INTERNAL, "Protocol": "HTTP",
        "DefaultActions": to_blue});
    let rule = json!({"ListenerArn": {"Ref": "InternalListener"}, "Priority": 1, "Conditions": reports,
        "Actions": to_blue});
    let containers = "/Resources/TaskDefinition/Properties/ContainerDefinitions/-";
    vec![
        (containers, worker),
        (containers, agent),
        (
            "/Resources/InternalListener",
            json!({"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": listener}),
        ),
        (
            "/Resources/InternalRule",
            json!({"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": rule}),
        ),
        (
            "/Outputs/ListenerRuleArns",
            refs(&["LiveRule", "ApiRule", "InternalListener", "InternalRule"]),
        ),
    ]
}

/// Only green has a listener of its own, so that a flip to green would leave blue on no rule.
pub(crate) fn one_preview() -> Vec<Change> {
    let ways = json!([
        "LiveRule",
        "ApiRule",
        "DefaultRoute",
        "RoutesOfA",
        "RoutesOfB"
    ]);
    vec![
        ("/Resources/BluePreview", Value::Null),
        ("/Resources/BlueService/DependsOn", ways),
        ("/Outputs/PreviewRuleArns", refs(&["GreenPreview"])),
    ]
}

/// An output with the ARNs of resources.
fn refs(names: &[&str]) -> Value {
    let refs: Vec<_> = names.iter().map(|name| json!({ "Ref": name })).collect();
    json!({"Value": {"Fn::Join": [",", refs]}})
}
