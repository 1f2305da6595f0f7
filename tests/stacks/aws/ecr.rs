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
        "DescribeImageScanFindings" => scan,
        "DescribeImageSigningStatus" => signing,
        _ => return None,
    };
    Some(answer(world, input))
}

/// Whether the registry that is named has the repository.
fn known(world: &World, name: &Value, input: &Value) -> Result<(), Fault> {
    let repository = &world.state["repository"];
    let registry = &input["registryId"];
    if repository["repositoryName"] == *name && repository["registryId"] == *registry {
        return Ok(());
    }
    let message = format!(
        "The repository with name {name} does not exist in the registry with id {registry}"
    );
    Err(Fault::new("RepositoryNotFoundException", &message))
}

fn repositories(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryNames"][0], input)?;
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

fn missing(id: &Value) -> Fault {
    let message = format!("The image with imageId {id} does not exist within the repository");
    Fault::new("ImageNotFoundException", &message)
}

fn images(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"], input)?;
    let wanted = input["filter"]["imageStatus"].as_str().unwrap_or("ACTIVE");
    let shown = |image: &Value| {
        let status = image["imageStatus"].as_str().unwrap_or("ACTIVE");
        wanted == "ANY" || wanted == status || world.state["showsArchived"] == true
    };
    let mut details = Vec::new();
    for id in input["imageIds"].as_array().into_iter().flatten() {
        let found = image(world, id).filter(|image| shown(image));
        let mut detail = found.cloned().ok_or_else(|| missing(id))?;
        detail["repositoryName"] = input["repositoryName"].clone();
        detail["registryId"] = json!(ACCOUNT);
        detail["manifest"] = Value::Null;
        details.push(detail);
    }
    Ok(json!({"imageDetails": details}))
}

/// As it was pushed: ECR translates nothing but the first schema of Docker's.
fn manifests(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"], input)?;
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
fn download(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"], input)?;
    let digest = &input["layerDigest"];
    Ok(json!({"downloadUrl": "http://127.0.0.1:9/layer", "layerDigest": digest}))
}

/// The image's `scan`, page by page where it lists what enhanced scanning has found.
fn scan(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"], input)?;
    let id = &input["imageId"];
    let image = image(world, id).ok_or_else(|| missing(id))?;
    if image["scan"].is_null() {
        let message = format!("Image scan does not exist for the image with '{id}'");
        return Err(Fault::new("ScanNotFoundException", &message));
    }
    let mut answer = image["scan"].clone();
    if let Some(all) = image["scan"]["imageScanFindings"]["enhancedFindings"].as_array() {
        let from = input["nextToken"].as_str().and_then(|it| it.parse().ok());
        let from: usize = from.unwrap_or_default();
        let to = all.len().min(from + world.page);
        answer["imageScanFindings"]["enhancedFindings"] = json!(all[from..to]);
        if to < all.len() {
            answer["nextToken"] = json!(to.to_string());
        }
    }
    Ok(answer)
}

/// The image's `signing`: a status for each profile.
fn signing(world: &World, input: &Value) -> Result<Value, Fault> {
    known(world, &input["repositoryName"], input)?;
    let id = &input["imageId"];
    let image = image(world, id).ok_or_else(|| missing(id))?;
    let statuses = image["signing"].as_array().cloned().unwrap_or_default();
    Ok(json!({"signingStatuses": statuses}))
}
