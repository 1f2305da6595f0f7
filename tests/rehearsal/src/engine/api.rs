//! The calls of the Docker Engine API that MiniStack's ECS makes.

use super::container::{Container, task, texts};
use super::containers::Containers;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// An error, with its message.
type Refusal = (StatusCode, Json<Value>);

type Answer = Result<Response, Refusal>;

/// The parameters of all calls, empty where a call has none of that name.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    name: String,
    from_image: String,
    tag: String,
    follow: String,
    /// JSON.
    filters: String,
    /// Seconds that a container has to stop before it is killed.
    t: Option<u64>,
}

/// Seconds that Docker gives a container to stop before it kills it, where the call does not say.
const STOP_SECONDS: u64 = 10;

/// Routes by hand: an image's name holds slashes, so no pattern of a router fits.
pub async fn answer(
    State(containers): State<Arc<Containers>>,
    method: Method,
    uri: Uri,
    Query(parameters): Query<Parameters>,
    body: Bytes,
) -> Answer {
    let path = uri
        .path()
        .replace("%3A", ":")
        .replace("%40", "@")
        .replace("%2F", "/");
    let parts = path.trim_matches('/').split('/');
    let parts: Vec<&str> = parts.skip_while(|part| part.starts_with("v1.")).collect();
    match (method.as_str(), parts.as_slice()) {
        (_, ["_ping"]) => Ok("OK".into_response()),
        ("GET", ["version"]) => {
            json(json!({"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Version": "rehearsal"}))
        }
        ("GET", ["distribution", name @ .., "json"]) => {
            let (digest, _) = pushed(&containers, &name.join("/"))?;
            json(json!({"Descriptor": {"digest": digest, "size": 2}, "Platforms": []}))
        }
        ("GET", ["images", name @ .., "json"]) => {
            let name = name.join("/");
            let (digest, _) = pushed(&containers, &name)?;
            json(json!({"Id": digest, "RepoTags": [name]}))
        }
        ("POST", ["images", "create"]) => pull(&containers, &parameters),
        ("POST", ["images", .., "tag"]) => Ok(StatusCode::CREATED.into_response()),
        ("POST", ["containers", "create"]) => create(&containers, parameters.name, &body),
        ("GET", ["containers", "json"]) => list(&containers, &parameters.filters),
        (_, ["containers", id, rest @ ..]) => match containers.find(id) {
            Some(one) => container(&containers, &method, &one, rest, &parameters).await,
            None => Err(not_found(&format!("No such container: {id}"))),
        },
        _ => Err(not_found(&format!("page not found: {method} {path}"))),
    }
}

async fn container(
    containers: &Containers,
    method: &Method,
    container: &Container,
    rest: &[&str],
    parameters: &Parameters,
) -> Answer {
    match (method.as_str(), rest) {
        ("GET", ["json"]) => return json(container.inspect()),
        ("POST", ["start"]) => container.start(&containers.program).map_err(failed)?,
        ("POST", ["stop"]) => {
            let seconds = parameters.t.unwrap_or(STOP_SECONDS);
            container.stop(Duration::from_secs(seconds)).await;
        }
        ("POST", ["kill"]) => container.kill().await,
        ("POST", ["wait"]) => return json(json!({"StatusCode": container.wait().await})),
        ("GET", ["logs"]) => {
            if !["", "0", "false"].contains(&parameters.follow.as_str()) {
                container.wait().await;
            }
            return Ok(framed(&container.logs()).into_response());
        }
        ("DELETE", []) => {
            container.kill().await;
            containers.lock().remove(&container.id);
        }
        _ => return Err(not_found(&format!("page not found: {method} {rest:?}"))),
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Docker's frame around a piece of standard output: stream 1, three zeros, the length.
fn framed(logs: &[u8]) -> Vec<u8> {
    let length = u32::try_from(logs.len()).unwrap_or(u32::MAX);
    [&[1, 0, 0, 0], length.to_be_bytes().as_slice(), logs].concat()
}

fn pull(containers: &Containers, parameters: &Parameters) -> Answer {
    let (image, tag) = (&parameters.from_image, &parameters.tag);
    let name = match tag.as_str() {
        "" => image.clone(),
        digest if digest.starts_with("sha256:") => format!("{image}@{digest}"),
        tag => format!("{image}:{tag}"),
    };
    pushed(containers, &name)?;
    json(json!({"status": "pulled"}))
}

fn create(containers: &Containers, name: String, body: &Bytes) -> Answer {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let image = body["Image"].as_str().unwrap_or_default();
    let pushed = pushed(containers, image)?;
    let database = containers.databases.of(image);
    let place = containers.place(task(&body)).map_err(failed)?;
    let container = Container::new(name, &body, pushed, database, place);
    let id = container.id.clone();
    containers.lock().insert(id.clone(), Arc::new(container));
    Ok((StatusCode::CREATED, Json(json!({"Id": id, "Warnings": []}))).into_response())
}

/// The containers that carry every wanted label.
fn list(containers: &Containers, filters: &str) -> Answer {
    let filters: Value = serde_json::from_str(filters).unwrap_or_default();
    let wanted = texts(&filters["label"]);
    let carries = |container: &&Arc<Container>| {
        wanted.iter().all(|label| match label.split_once('=') {
            Some((name, value)) => container.body["Labels"][name] == value,
            None => container.body["Labels"].get(label).is_some(),
        })
    };
    let all = containers.lock();
    let found = all.values().filter(carries).map(|container| {
        let state = container.inspect()["State"]["Status"].clone();
        json!({"Id": container.id, "Names": [format!("/{}", container.name)], "Image": container.body["Image"],
            "Labels": container.body["Labels"], "State": state, "Status": state, "Created": 0})
    });
    json(found.collect())
}

/// Digest and build of an image that was pushed.
fn pushed(containers: &Containers, image: &str) -> Result<(String, String), Refusal> {
    let pushed = containers.registry.find(image);
    pushed.ok_or_else(|| not_found(&format!("No such image: {image}")))
}

fn json(body: Value) -> Answer {
    Ok(Json(body).into_response())
}

fn not_found(message: &str) -> Refusal {
    (StatusCode::NOT_FOUND, Json(json!({ "message": message })))
}

fn failed(error: anyhow::Error) -> Refusal {
    let message = Json(json!({"message": format!("{error:#}")}));
    (StatusCode::INTERNAL_SERVER_ERROR, message)
}
