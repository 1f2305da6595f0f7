//! ECR: the images of the one repository. By its API reference DescribeImages shows images whose status is ACTIVE,
//! unless its filter names others; the state's `showsArchived` stands for an ECR that shows them all the same.

use super::account::ACCOUNT;
use super::wire::Fault;
use super::world::World;
use serde_json::{Value, json};

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    let answer = match operation {
        "DescribeRepositories" => repositories,
        "DescribeImages" => images,
        "BatchGetImage" => manifests,
        "GetDownloadUrlForLayer" => download,
        _ => return None,
    };
    Some(answer(world, input))
}

fn known(world: &World, name: &Value) -> Result<(), Fault> {
    if world.state["repository"]["repositoryName"] == *name {
        return Ok(());
    }
    let message = format!("The repository with name {name} does not exist in the registry");
    Err(Fault::new("RepositoryNotFoundException", &message))
}

fn repositories(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryNames"][0])?;
    Ok(json!({"repositories": [world.state["repository"]]}))
}

/// The image that an id means: by digest, by tag, or by both.
fn image<'a>(world: &'a World, id: &Value) -> Option<&'a Value> {
    let (digest, tag) = (&id["imageDigest"], &id["imageTag"]);
    world.all("images").find(|image| {
        let tags = image["imageTags"].as_array();
        let tagged = tags.is_some_and(|tags| tags.contains(tag));
        (digest.is_null() || image["imageDigest"] == *digest)
            && (tag.is_null() || tagged)
            && !(digest.is_null() && tag.is_null())
    })
}

fn images(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"])?;
    let wanted = input["filter"]["imageStatus"].as_str().unwrap_or("ACTIVE");
    let shown = |image: &Value| {
        let status = image["imageStatus"].as_str().unwrap_or("ACTIVE");
        wanted == "ANY" || wanted == status || world.state["showsArchived"] == true
    };
    let mut details = Vec::new();
    for id in input["imageIds"].as_array().into_iter().flatten() {
        let found = image(world, id).filter(|image| shown(image));
        let mut detail = found.cloned().ok_or_else(|| {
            let message =
                format!("The image with imageId {id} does not exist within the repository");
            Fault::new("ImageNotFoundException", &message)
        })?;
        detail["repositoryName"] = input["repositoryName"].clone();
        detail["registryId"] = json!(ACCOUNT);
        detail["manifest"] = Value::Null;
        details.push(detail);
    }
    Ok(json!({"imageDetails": details}))
}

/// As it was pushed: ECR translates nothing but the first schema of Docker's.
fn manifests(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"])?;
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for id in input["imageIds"].as_array().into_iter().flatten() {
        let active = |image: &&Value| image["imageStatus"].as_str() != Some("ARCHIVED");
        let Some(image) = image(world, id).filter(active) else {
            failures.push(json!({"imageId": id, "failureCode": "ImageNotFound"}));
            continue;
        };
        let manifest = &image["manifest"];
        let text = manifest
            .as_str()
            .map_or_else(|| manifest.to_string(), str::to_owned);
        found.push(json!({
            "imageId": {"imageDigest": image["imageDigest"], "imageTag": id["imageTag"]},
            "imageManifest": text,
            "imageManifestMediaType": image["imageManifestMediaType"],
        }));
    }
    Ok(json!({"images": found, "failures": failures}))
}

/// An address at which nobody answers: what is in a layer cannot be tried here.
fn download(_: &World, input: &Value) -> Result<Value, Fault> {
    let digest = &input["layerDigest"];
    Ok(json!({"downloadUrl": "http://127.0.0.1:9/layer", "layerDigest": digest}))
}
