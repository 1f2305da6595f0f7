//! The running tasks of a service: as many as it counts, each with the containers of its revision.

use super::world::World;
use serde_json::{Value, json};

/// ARNs of a service's tasks: `arn:...:task/CLUSTER/NUMBER`.
pub fn running(service: &Value) -> Vec<String> {
    let cluster = service["clusterArn"].as_str().expect("a cluster's ARN");
    let of_task = cluster.replace(":cluster/", ":task/");
    let count = service["runningCount"].as_u64().unwrap_or(0);
    (1..=count)
        .map(|number| format!("{of_task}/{number}"))
        .collect()
}

/// A task by its ARN.
pub fn task(world: &World, arn: &str) -> Option<Value> {
    let service = world
        .all("services")
        .find(|it| running(it).iter().any(|own| own == arn))?;
    let revision = &service["taskDefinition"];
    let definition = world.find("taskDefinitions", "taskDefinitionArn", revision)?;
    let containers = definition["containerDefinitions"].as_array()?.iter();
    let containers: Vec<_> = containers.map(|it| container(world, it)).collect();
    Some(json!({
        "taskArn": arn, "taskDefinitionArn": revision, "lastStatus": "RUNNING", "desiredStatus": "RUNNING",
        "containers": containers,
    }))
}

fn container(world: &World, definition: &Value) -> Value {
    let image = definition["image"].as_str().expect("an image");
    json!({"name": definition["name"], "image": image, "imageDigest": pulled(world, image), "lastStatus": "RUNNING"})
}

/// The digest that ECS reports: of an index that of the member which was pulled.
fn pulled(world: &World, image: &str) -> Value {
    let found = match image.split_once('@') {
        Some((_, digest)) => world.find("images", "imageDigest", &json!(digest)),
        None => world.all("images").find(|it| {
            let mut tags = it["imageTags"].as_array().into_iter().flatten();
            tags.any(|tag| {
                tag.as_str()
                    .is_some_and(|tag| image.ends_with(&format!("/shop:{tag}")))
            })
        }),
    };
    let Some(found) = found else {
        return image
            .split_once('@')
            .map_or(Value::Null, |(_, digest)| json!(digest));
    };
    let members = found["manifest"]["manifests"].as_array();
    let mut members = members.into_iter().flatten();
    let pulled = members.find(|it| it["platform"]["architecture"] == "amd64");
    pulled.map_or_else(|| found["imageDigest"].clone(), |it| it["digest"].clone())
}
