//! Elastic Load Balancing: listeners, rules, target groups and the health of their targets.

use super::reach::{balancers, default_rule, listener_of};
use super::wire::Fault;
use super::world::World;
use serde_json::{Value, json};

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    Some(match operation {
        "DescribeLoadBalancers" => named(world, input, "loadBalancers", "LoadBalancer"),
        "DescribeListeners" => listeners(world, input),
        "DescribeRules" => rules(world, input),
        "DescribeTargetGroups" => groups(world, input),
        "DescribeTargetGroupAttributes" => group(world, input).map(attributes),
        "DescribeTargetHealth" => group(world, input).map(|group| health(world, group)),
        "ModifyRule" => modify_rule(world, input),
        "ModifyListener" => modify_listener(world, input),
        _ => return None,
    })
}

/// The things that a list of ARNs names; every one of them must exist.
fn named(world: &World, input: &Value, kind: &str, name: &str) -> Result<Value, Fault> {
    let field = format!("{name}Arn");
    let arns = input[format!("{name}Arns")].as_array();
    let found: Result<Vec<&Value>, Fault> = arns
        .into_iter()
        .flatten()
        .map(|arn| {
            let found = world.find(kind, &field, arn);
            found.ok_or_else(|| missing(name, arn))
        })
        .collect();
    Ok(json!({format!("{name}s"): found?}))
}

fn missing(name: &str, arn: &Value) -> Fault {
    Fault::new(&format!("{name}NotFound"), &format!("{arn} was not found"))
}

fn invalid(message: &str) -> Fault {
    Fault::new("ValidationError", message)
}

/// A page of a list, and where the next one begins.
fn page(world: &World, name: &str, items: &[Value], input: &Value) -> Value {
    let from: usize = input["Marker"]
        .as_str()
        .map_or(0, |it| it.parse().expect("a marker"));
    let to = items.len().min(from + world.page);
    let next = (to < items.len()).then(|| to.to_string());
    json!({name: items[from..to], "NextMarker": next})
}

fn listeners(world: &World, input: &Value) -> Result<Value, Fault> {
    let balancer = &input["LoadBalancerArn"];
    if balancer.is_null() {
        if input["ListenerArns"].is_null() {
            return Err(invalid(
                "You must specify either listener ARNs or a load balancer ARN",
            ));
        }
        return named(world, input, "listeners", "Listener");
    }
    let found = world.find("loadBalancers", "LoadBalancerArn", balancer);
    found.ok_or_else(|| missing("LoadBalancer", balancer))?;
    let all = world.all("listeners");
    let own: Vec<Value> = all
        .filter(|it| it["LoadBalancerArn"] == *balancer)
        .cloned()
        .collect();
    Ok(page(world, "Listeners", &own, input))
}

fn rules(world: &World, input: &Value) -> Result<Value, Fault> {
    let (arns, listener) = (&input["RuleArns"], &input["ListenerArn"]);
    let defaults = world.all("listeners").map(default_rule);
    let all: Vec<Value> = world.all("rules").cloned().chain(defaults).collect();
    match (arns.as_array(), listener.is_null()) {
        (Some(arns), true) => {
            let rule = |arn: &Value| {
                let found = all.iter().find(|rule| rule["RuleArn"] == *arn);
                found.cloned().ok_or_else(|| missing("Rule", arn))
            };
            let found = arns.iter().map(rule).collect::<Result<Vec<_>, _>>();
            Ok(json!({"Rules": found?}))
        }
        (None, false) => {
            let found = world.find("listeners", "ListenerArn", listener);
            found.ok_or_else(|| missing("Listener", listener))?;
            let own = all
                .into_iter()
                .filter(|rule| listener_of(rule) == *listener);
            Ok(page(world, "Rules", &own.collect::<Vec<_>>(), input))
        }
        _ => Err(invalid("You must specify either a listener or rules")),
    }
}

fn groups(world: &World, input: &Value) -> Result<Value, Fault> {
    let mut found = named(world, input, "groups", "TargetGroup")?;
    for group in found["TargetGroups"].as_array_mut().into_iter().flatten() {
        group["LoadBalancerArns"] = json!(balancers(world, &group["TargetGroupArn"]));
        group["Attributes"] = Value::Null;
        group["Targets"] = Value::Null;
    }
    Ok(found)
}

fn group<'a>(world: &'a World, input: &Value) -> Result<&'a Value, Fault> {
    let arn = &input["TargetGroupArn"];
    let found = world.find("groups", "TargetGroupArn", arn);
    found.ok_or_else(|| missing("TargetGroup", arn))
}

fn attributes(group: &Value) -> Value {
    let attributes = group["Attributes"].as_object().into_iter().flatten();
    let attributes: Vec<_> = attributes
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    json!({"Attributes": attributes})
}

/// `{"10.0.1.1:8080": "healthy"}`; of a group that no rule and no listener reaches every target is unused.
fn health(world: &World, group: &Value) -> Value {
    let in_use = !balancers(world, &group["TargetGroupArn"]).is_empty();
    let targets = group["Targets"].as_object().into_iter().flatten();
    let targets = targets.map(|(address, state)| {
        let (id, port) = address.rsplit_once(':').unwrap_or((address, ""));
        let state = if in_use { state.as_str().expect("a state") } else { "unused" };
        let reason = match state {
            "unused" => Some("Target.NotInUse"),
            "unhealthy" => Some("Target.FailedHealthChecks"),
            "initial" => Some("Elb.RegistrationInProgress"),
            "draining" => Some("Target.DeregistrationInProgress"),
            _ => None,
        };
        let port: Option<u16> = port.parse().ok();
        json!({"Target": {"Id": id, "Port": port}, "TargetHealth": {"State": state, "Reason": reason}})
    });
    json!({"TargetHealthDescriptions": targets.collect::<Vec<_>>()})
}

fn modify_rule(world: &mut World, input: &Value) -> Result<Value, Fault> {
    let arn = &input["RuleArn"];
    let mut defaults = world.all("listeners").map(default_rule);
    if defaults.any(|rule| rule["RuleArn"] == *arn) {
        let message = format!("Default rule '{arn}' cannot be modified");
        return Err(Fault::new("OperationNotPermitted", &message));
    }
    drop(defaults);
    let actions = known_groups(world, &input["Actions"])?;
    let rule = world.find_mut("rules", "RuleArn", arn);
    let rule = rule.ok_or_else(|| missing("Rule", arn))?;
    rule["Actions"] = actions;
    Ok(json!({"Rules": [rule]}))
}

fn modify_listener(world: &mut World, input: &Value) -> Result<Value, Fault> {
    let arn = &input["ListenerArn"];
    let actions = known_groups(world, &input["DefaultActions"])?;
    let listener = world.find_mut("listeners", "ListenerArn", arn);
    let listener = listener.ok_or_else(|| missing("Listener", arn))?;
    listener["DefaultActions"] = actions;
    Ok(json!({"Listeners": [listener]}))
}

/// The actions, if they may be written: `TargetGroupArn` beside `ForwardConfig` names the one same group.
fn known_groups(world: &World, actions: &Value) -> Result<Value, Fault> {
    let actions = &with_numbers(actions);
    for action in actions.as_array().into_iter().flatten() {
        let single = &action["TargetGroupArn"];
        let config = action["ForwardConfig"]["TargetGroups"].as_array();
        let groups: Vec<&Value> = config
            .into_iter()
            .flatten()
            .map(|it| &it["TargetGroupArn"])
            .collect();
        if !single.is_null() && config.is_some() && groups != [single] {
            return Err(invalid(
                "TargetGroupArn and ForwardConfig must name the same target group",
            ));
        }
        for arn in groups
            .into_iter()
            .chain([single])
            .filter(|arn| !arn.is_null())
        {
            let found = world.find("groups", "TargetGroupArn", arn);
            found.ok_or_else(|| missing("TargetGroup", arn))?;
        }
    }
    Ok(actions.clone())
}

/// The query protocol sends numbers as texts.
fn with_numbers(actions: &Value) -> Value {
    match actions {
        Value::Array(items) => items.iter().map(with_numbers).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let is_number = ["Order", "Weight"].contains(&name.as_str());
                let number = value.as_str().filter(|_| is_number);
                let number = number.and_then(|text| text.parse::<i64>().ok());
                let value = number.map_or_else(|| with_numbers(value), Value::from);
                (name.clone(), value)
            });
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => actions.clone(),
    }
}
