//! The calls of the Docker Engine API that MiniStack's ECS makes.

use super::container::Container;
use super::containers::Containers;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

type Parameters = HashMap<String, String>;

/// Seconds that Docker gives a container to stop before it kills it, where the call does not say.
const STOP_SECONDS: u64 = 10;

/// Routes by hand: an image's name holds slashes, so no pattern of a router fits.
pub async fn answer(
    State(containers): State<Arc<Containers>>,
    method: Method,
    uri: Uri,
    Query(parameters): Query<Parameters>,
    body: Bytes,
) -> Response {
    let path = uri
        .path()
        .replace("%3A", ":")
        .replace("%40", "@")
        .replace("%2F", "/");
    let mut parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    if parts.first().is_some_and(|part| part.starts_with("v1.")) {
        parts.remove(0);
    }
    match (method.as_str(), parts.as_slice()) {
        (_, ["_ping"]) => "OK".into_response(),
        ("GET", ["version"]) => {
            Json(json!({"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Version": "rehearsal"}))
                .into_response()
        }
        ("GET", ["distribution", name @ .., "json"]) => distribution(&containers, &name.join("/")),
        ("GET", ["images", name @ .., "json"]) => image(&containers, &name.join("/")),
        ("POST", ["images", "create"]) => pull(&containers, &parameters),
        ("POST", ["images", .., "tag"]) => StatusCode::CREATED.into_response(),
        ("POST", ["containers", "create"]) => create(&containers, &parameters, &body),
        ("GET", ["containers", "json"]) => list(&containers, &parameters),
        (_, ["containers", id, rest @ ..]) => match containers.find(id) {
            Some(one) => container(&containers, &method, &one, rest, &parameters).await,
            None => refused(StatusCode::NOT_FOUND, &format!("No such container: {id}")),
        },
        _ => refused(
            StatusCode::NOT_FOUND,
            &format!("page not found: {method} {path}"),
        ),
    }
}

async fn container(
    containers: &Containers,
    method: &Method,
    container: &Arc<Container>,
    rest: &[&str],
    parameters: &Parameters,
) -> Response {
    match (method.as_str(), rest) {
        ("GET", ["json"]) => Json(container.inspect()).into_response(),
        ("POST", ["start"]) => match container.start(&containers.program) {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}")),
        },
        ("POST", ["stop"]) => {
            let seconds = parameters.get("t").and_then(|text| text.parse().ok());
            let patience = Duration::from_secs(seconds.unwrap_or(STOP_SECONDS));
            container.stop(patience).await;
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["kill"]) => {
            container.kill().await;
            StatusCode::NO_CONTENT.into_response()
        }
        ("POST", ["wait"]) => Json(json!({"StatusCode": container.wait().await})).into_response(),
        ("GET", ["logs"]) => {
            if parameters
                .get("follow")
                .is_some_and(|follow| follow != "0" && follow != "false")
            {
                container.wait().await;
            }
            framed(&container.logs()).into_response()
        }
        ("DELETE", []) => {
            container.kill().await;
            containers.lock().remove(&container.id);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => refused(
            StatusCode::NOT_FOUND,
            &format!("page not found: {method} {rest:?}"),
        ),
    }
}

/// Docker's frame around a piece of standard output: stream 1, three zeros, the length.
fn framed(logs: &[u8]) -> Vec<u8> {
    let length = u32::try_from(logs.len()).unwrap_or(u32::MAX);
    [&[1, 0, 0, 0], length.to_be_bytes().as_slice(), logs].concat()
}

fn distribution(containers: &Containers, name: &str) -> Response {
    match containers.registry.find(name) {
        Some((digest, _)) => {
            Json(json!({"Descriptor": {"digest": digest, "size": 2}, "Platforms": []}))
                .into_response()
        }
        None => unknown(name),
    }
}

fn image(containers: &Containers, name: &str) -> Response {
    match containers.registry.find(name) {
        Some((digest, _)) => Json(json!({"Id": digest, "RepoTags": [name]})).into_response(),
        None => unknown(name),
    }
}

fn pull(containers: &Containers, parameters: &Parameters) -> Response {
    let name = parameters.get("fromImage").cloned().unwrap_or_default();
    let tag = parameters
        .get("tag")
        .map(String::as_str)
        .unwrap_or_default();
    let name = match tag {
        "" => name,
        digest if digest.starts_with("sha256:") => format!("{name}@{digest}"),
        tag => format!("{name}:{tag}"),
    };
    if containers.registry.find(&name).is_some() {
        Json(json!({"status": "pulled"})).into_response()
    } else {
        unknown(&name)
    }
}

fn create(containers: &Containers, parameters: &Parameters, body: &Bytes) -> Response {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let image = body["Image"].as_str().unwrap_or_default();
    let Some(pushed) = containers.registry.find(image) else {
        return unknown(image);
    };
    let name = parameters.get("name").cloned().unwrap_or_default();
    match Container::new(name, &body, pushed, containers.databases.of(image)) {
        Ok(container) => {
            let id = container.id.clone();
            containers.lock().insert(id.clone(), Arc::new(container));
            (StatusCode::CREATED, Json(json!({"Id": id, "Warnings": []}))).into_response()
        }
        Err(error) => refused(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}")),
    }
}

/// The containers that carry every wanted label.
fn list(containers: &Containers, parameters: &Parameters) -> Response {
    let filters: Value = parameters
        .get("filters")
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let wanted: Vec<&str> = filters["label"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let carries = |container: &&Arc<Container>| {
        wanted.iter().all(|label| match label.split_once('=') {
            Some((name, value)) => container.labels[name] == value,
            None => container.labels.get(label).is_some(),
        })
    };
    let all = containers.lock();
    let found = all.values().filter(carries).map(|container| {
        let state = container.inspect()["State"]["Status"].clone();
        json!({"Id": container.id, "Names": [format!("/{}", container.name)], "Image": container.image,
            "Labels": container.labels, "State": state, "Status": state, "Created": 0})
    });
    Json(found.collect::<Vec<_>>()).into_response()
}

fn unknown(image: &str) -> Response {
    refused(StatusCode::NOT_FOUND, &format!("No such image: {image}"))
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}
