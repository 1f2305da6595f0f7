//! ECS: services, task definitions, and the tasks of a service that has always finished its deployment.

use super::expand::expanded;
use super::tasks::{running, task};
use super::wire::Fault;
use super::world::World;
use serde_json::{Value, json};

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    Some(match operation {
        "DescribeServices" => services(world, input),
        "ListTasks" => Ok(list(world, input)),
        "DescribeTasks" => Ok(tasks(world, input)),
        "DescribeTaskDefinition" => definition(world, input),
        "RegisterTaskDefinition" => Ok(register(world, input)),
        "StopTask" => Ok(json!({})),
        "UpdateService" => update(world, input),
        _ => return None,
    })
}

/// The service of a cluster, each by its name.
fn is_of(service: &Value, cluster: &Value, name: &Value) -> bool {
    let in_cluster = format!("/{}", cluster.as_str().unwrap_or_default());
    let arn = service["clusterArn"].as_str().unwrap_or_default();
    arn.ends_with(&in_cluster) && service["serviceName"] == *name
}

fn services(world: &World, input: &Value) -> Result<Value, Fault> {
    let cluster = &input["cluster"];
    let in_cluster = |it: &Value| is_of(it, cluster, &it["serviceName"]);
    if !world.all("services").any(in_cluster) {
        return Err(Fault::new("ClusterNotFoundException", "Cluster not found."));
    }
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for name in input["services"].as_array().into_iter().flatten() {
        match world.all("services").find(|it| is_of(it, cluster, name)) {
            Some(service) => found.push(described(service)),
            None => failures.push(json!({"arn": name, "reason": "MISSING"})),
        }
    }
    Ok(json!({"services": found, "failures": failures}))
}

/// With its deployment, which is over unless a case says otherwise. ECS shows the volumes of a deployment there, and nowhere else.
fn described(service: &Value) -> Value {
    let mut service = service.clone();
    let id = service["deployment"]
        .as_str()
        .unwrap_or("ecs-svc/1")
        .to_owned();
    service["deployments"] = json!([{
        "id": id, "status": "PRIMARY", "taskDefinition": service["taskDefinition"],
        "rolloutState": service["rolloutState"].as_str().unwrap_or("COMPLETED"),
        "rolloutStateReason": service["rolloutStateReason"],
        "desiredCount": service["desiredCount"], "runningCount": service["runningCount"],
        "volumeConfigurations": service["volumeConfigurations"],
    }]);
    service["volumeConfigurations"] = Value::Null;
    service
}

fn list(world: &World, input: &Value) -> Value {
    let stopped = input["desiredStatus"] == "STOPPED";
    let of = |service: &&Value| is_of(service, &input["cluster"], &input["serviceName"]);
    let services = world
        .all("services")
        .filter(|service| of(service) && !stopped);
    let mut arns: Vec<String> = services.flat_map(running).collect();
    if stopped {
        let tasks = world.all("stoppedTasks");
        arns.extend(tasks.filter_map(|it| Some(it["taskArn"].as_str()?.to_owned())));
    }
    let from = input["nextToken"]
        .as_str()
        .map_or(0, |it| it.parse().expect("a token"));
    let to = arns.len().min(from + world.page);
    let next = (to < arns.len()).then(|| to.to_string());
    json!({"taskArns": arns[from..to], "nextToken": next})
}

fn tasks(world: &World, input: &Value) -> Value {
    let arns = input["tasks"].as_array().into_iter().flatten();
    let found = |arn: &Value| {
        let stopped = world.find("stoppedTasks", "taskArn", arn);
        stopped.cloned().or_else(|| task(world, arn.as_str()?))
    };
    let tasks: Vec<_> = arns.filter_map(found).collect();
    json!({"tasks": tasks, "failures": []})
}

/// By its ARN, or by its family, which stands for the newest revision that is active.
fn definition(world: &World, input: &Value) -> Result<Value, Fault> {
    let name = &input["taskDefinition"];
    let by_arn = world.find("taskDefinitions", "taskDefinitionArn", name);
    let newest = || {
        let all = world.all("taskDefinitions");
        let own = all.filter(|it| it["family"] == *name && it["status"] == "ACTIVE");
        own.max_by_key(|it| it["revision"].as_u64())
    };
    let found = by_arn.or_else(newest);
    let found = found
        .ok_or_else(|| Fault::new("ClientException", "Unable to describe task definition."))?;
    let (found, tags) = without_tags(found.clone());
    let shown = input["include"][0] == "TAGS";
    let tags = if shown { tags } else { json!([]) };
    Ok(json!({"taskDefinition": found, "tags": tags}))
}

/// A revision, and the tags that ECS gives beside it.
fn without_tags(mut definition: Value) -> (Value, Value) {
    let members = definition.as_object_mut().expect("members");
    let tags = members.remove("tags").unwrap_or(json!([]));
    (definition, tags)
}

/// All that is sent is kept, but for the members that a case lists in `forgets`.
fn register(world: &mut World, input: &Value) -> Value {
    let family = input["family"].as_str().expect("a family");
    let own = world
        .all("taskDefinitions")
        .filter(|it| it["family"] == family);
    let revision = own
        .filter_map(|it| it["revision"].as_u64())
        .max()
        .unwrap_or(0)
        + 1;
    let arn = format!("ecs:task-definition/{family}:{revision}");
    let mut definition = input.clone();
    definition["revision"] = json!(revision);
    definition["status"] = json!("ACTIVE");
    definition["taskDefinitionArn"] = expanded(&json!(arn));
    for member in world.state["forgets"].as_array().into_iter().flatten() {
        let members = definition.as_object_mut().expect("members");
        members.remove(member.as_str().unwrap_or_default());
    }
    world.state["taskDefinitions"][revision.to_string()] = definition.clone();
    let (definition, tags) = without_tags(definition);
    json!({"taskDefinition": definition, "tags": tags})
}

/// The deployment is over at once, and its tasks are healthy targets.
fn update(world: &mut World, input: &Value) -> Result<Value, Fault> {
    let revision = world.find(
        "taskDefinitions",
        "taskDefinitionArn",
        &input["taskDefinition"],
    );
    if revision.is_none_or(|it| it["status"] != "ACTIVE") {
        return Err(Fault::new("ClientException", "TaskDefinition is inactive"));
    }
    let all = world.state["services"].as_object_mut().expect("services");
    let mut all = all.values_mut();
    let service = all.find(|it| is_of(it, &input["cluster"], &input["service"]));
    let service =
        service.ok_or_else(|| Fault::new("ServiceNotFoundException", "Service not found."))?;
    service["taskDefinition"] = input["taskDefinition"].clone();
    service["desiredCount"] = input["desiredCount"].clone();
    service["runningCount"] = input["desiredCount"].clone();
    service["deployment"] = json!("ecs-svc/2");
    Ok(json!({"service": described(service)}))
}
