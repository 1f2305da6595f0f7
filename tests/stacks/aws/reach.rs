//! Which load balancers reach a target group: a group in a forward of any rule, even at weight 0, is in use.

use super::world::World;
use serde_json::{Value, json};

/// ARNs of the load balancers whose rules or listeners forward to the group.
pub fn balancers(world: &World, group: &Value) -> Vec<Value> {
    let reaches = |listener: &&Value| {
        let rules = world.all("rules");
        let rules = rules.filter(|rule| listener_of(rule) == listener["ListenerArn"]);
        let actions = rules.map(|rule| &rule["Actions"]);
        let mut all = actions.chain([&listener["DefaultActions"]]);
        all.any(|actions| forwards(actions, group))
    };
    let mut found: Vec<Value> = Vec::new();
    for listener in world.all("listeners").filter(reaches) {
        let balancer = &listener["LoadBalancerArn"];
        if !found.contains(balancer) {
            found.push(balancer.clone());
        }
    }
    found
}

fn forwards(actions: &Value, group: &Value) -> bool {
    let mut actions = actions.as_array().into_iter().flatten();
    actions.any(|action| {
        let groups = action["ForwardConfig"]["TargetGroups"].as_array();
        let mut groups = groups.into_iter().flatten();
        action["TargetGroupArn"] == *group || groups.any(|it| it["TargetGroupArn"] == *group)
    })
}

/// The ARN of a rule's listener.
pub fn listener_of(rule: &Value) -> Value {
    let arn = rule["RuleArn"].as_str().expect("a rule's ARN");
    let (of_listener, _) = arn.rsplit_once('/').expect("a rule's own id");
    json!(of_listener.replace(":listener-rule/", ":listener/"))
}

/// A listener's default action, as DescribeRules shows it.
pub fn default_rule(listener: &Value) -> Value {
    let arn = listener["ListenerArn"].as_str().expect("a listener's ARN");
    json!({
        "RuleArn": arn.replace(":listener/", ":listener-rule/") + "/default",
        "Priority": "default",
        "Conditions": [],
        "Actions": listener["DefaultActions"],
        "IsDefault": true,
    })
}
