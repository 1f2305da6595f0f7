//! What one call of a service is enough for: executions, secrets, log groups, scalable targets.

use super::wire::Fault;
use super::world::World;
use serde_json::{Value, json};

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    Some(match operation {
        "DescribeExecution" => execution(world, input),
        "StopExecution" => stop(world, input),
        "DescribeSecret" => secret(world, input),
        "DescribeLogGroups" => Ok(log_groups(world, input)),
        "DescribeScalableTargets" => Ok(scalable(world, input)),
        "GetLogEvents" => Ok(json!({"events": world.all("logEvents").collect::<Vec<_>>()})),
        _ => return None,
    })
}

fn execution(world: &World, input: &Value) -> Result<Value, Fault> {
    let arn = &input["executionArn"];
    let name = arn.as_str().and_then(|arn| arn.rsplit(':').next());
    let status = world.state["executions"].get(name.unwrap_or_default());
    let status = status.ok_or_else(|| {
        Fault::new(
            "ExecutionDoesNotExist",
            &format!("Execution Does Not Exist: {arn}"),
        )
    })?;
    let machine = "arn:aws:states:eu-west-1:111122223333:stateMachine:shop-release";
    Ok(
        json!({"executionArn": arn, "stateMachineArn": machine, "status": status, "startDate": 1795168800}),
    )
}

fn stop(world: &mut World, input: &Value) -> Result<Value, Fault> {
    execution(world, input)?;
    let arn = input["executionArn"].as_str().unwrap_or_default();
    let name = arn.rsplit(':').next().unwrap_or_default();
    world.state["executions"][name] = json!("ABORTED");
    Ok(json!({"stopDate": 1795168800}))
}

/// By its whole ARN, or by the ARN without the six characters that Secrets Manager adds.
fn secret(world: &World, input: &Value) -> Result<Value, Fault> {
    let name = input["SecretId"].as_str().unwrap_or_default();
    let mut all = world.state["secrets"].as_array().into_iter().flatten();
    let found = all.find(|arn| {
        let arn = arn.as_str().unwrap_or_default();
        arn == name || arn.rsplit_once('-').is_some_and(|(short, _)| short == name)
    });
    let message = "Secrets Manager can't find the specified secret.";
    let arn = found.ok_or_else(|| Fault::new("ResourceNotFoundException", message))?;
    Ok(json!({"ARN": arn}))
}

fn log_groups(world: &World, input: &Value) -> Value {
    let prefix = input["logGroupNamePrefix"].as_str().unwrap_or_default();
    let all = world.state["logGroups"].as_array().into_iter().flatten();
    let found = all.filter(|name| name.as_str().is_some_and(|name| name.starts_with(prefix)));
    let found: Vec<_> = found.map(|name| json!({"logGroupName": name})).collect();
    json!({"logGroups": found})
}

fn scalable(world: &World, input: &Value) -> Value {
    let ids = input["ResourceIds"].as_array().into_iter().flatten();
    let targets = ids.filter_map(|id| {
        let most = world.state["maxCapacity"].get(id.as_str()?)?;
        Some(json!({"ResourceId": id, "ServiceNamespace": "ecs", "MinCapacity": 1, "MaxCapacity": most,
            "ScalableDimension": "ecs:service:DesiredCount", "RoleARN": "role", "CreationTime": 1795168800}))
    });
    json!({"ScalableTargets": targets.collect::<Vec<_>>()})
}
