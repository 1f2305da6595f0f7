//! The endpoint as MiniStack's Docker client sees it.

use super::Engine;
use crate::aws::http_client;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::path::PathBuf;

const REPOSITORY: &str = "1.dkr.ecr.eu-west-1.amazonaws.com/shop";

async fn engine() -> Engine {
    let engine = Engine::start(PathBuf::from("/bin/sh")).await;
    let engine = engine.expect("an engine");
    engine.registry.remember(REPOSITORY, "sha256:aa", "v1.0.0");
    engine
}

async fn call(engine: &Engine, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
    let url = format!("http://127.0.0.1:{}/v1.44/{path}", engine.port);
    let call = http_client().request(method, url).json(&body);
    let answer = call.send().await.expect("an answer");
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn created(engine: &Engine, script: &str, task: &str) -> String {
    let body = json!({"Image": format!("{REPOSITORY}:v1.0.0"), "Cmd": ["-c", script], "Labels": {"task": task}});
    let path = format!("containers/create?name={task}");
    let (status, body) = call(engine, Method::POST, &path, body).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    body["Id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn an_image_has_the_digest_that_was_pushed() {
    let engine = engine().await;
    for image in [
        format!("{REPOSITORY}:v1.0.0"),
        format!("{REPOSITORY}%3Av1.0.0"),
        format!("{REPOSITORY}@sha256:aa"),
    ] {
        let path = format!("distribution/{image}/json");
        let (_, found) = call(&engine, Method::GET, &path, Value::Null).await;
        assert_eq!(found["Descriptor"]["digest"], "sha256:aa", "{image}");
    }
    let path = format!("images/create?fromImage={REPOSITORY}&tag=sha256:aa");
    let (status, _) = call(&engine, Method::POST, &path, Value::Null).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn an_unknown_image_is_refused_as_docker_refuses_it() {
    let engine = engine().await;
    let image = format!("{REPOSITORY}:v9.9.9");
    for (method, path) in [
        (Method::GET, format!("distribution/{image}/json")),
        (Method::GET, format!("images/{image}/json")),
        (
            Method::POST,
            format!("images/create?fromImage={REPOSITORY}&tag=v9.9.9"),
        ),
        (Method::POST, "containers/create?name=x".to_owned()),
    ] {
        let (status, body) = call(&engine, method, &path, json!({"Image": image})).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(body["message"], format!("No such image: {image}"), "{path}");
    }
}

#[tokio::test]
async fn a_container_lives_from_create_to_delete() {
    let engine = engine().await;
    let id = created(&engine, "cat", "t1").await;
    let inspect = format!("containers/{id}/json");
    let state = async || {
        let (_, found) = call(&engine, Method::GET, &inspect, Value::Null).await;
        found["State"]["Status"].clone()
    };
    assert_eq!(state().await, "created");
    call(
        &engine,
        Method::POST,
        &format!("containers/{id}/start"),
        Value::Null,
    )
    .await;
    assert_eq!(state().await, "running");
    let stop = "containers/t1/stop?t=5";
    call(&engine, Method::POST, stop, Value::Null).await;
    assert_eq!(state().await, "exited");
    let wait = format!("containers/{id}/wait");
    let (_, ended) = call(&engine, Method::POST, &wait, Value::Null).await;
    assert_eq!(ended["StatusCode"], 0);
    let path = format!("containers/{id}");
    call(&engine, Method::DELETE, &path, Value::Null).await;
    let (status, _) = call(&engine, Method::GET, &inspect, Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_containers_of_a_task_share_an_address() {
    let engine = engine().await;
    let mut addresses = Vec::new();
    for task in [Some("arn:1"), Some("arn:2"), Some("arn:1"), None, None] {
        let labels = json!({"com.amazonaws.ecs.task-arn": task});
        let body = json!({"Image": format!("{REPOSITORY}:v1.0.0"), "Labels": labels});
        let (_, made) = call(&engine, Method::POST, "containers/create", body).await;
        let path = format!("containers/{}/json", made["Id"].as_str().expect("an id"));
        let (_, found) = call(&engine, Method::GET, &path, Value::Null).await;
        let networks = &found["NetworkSettings"]["Networks"];
        addresses.push(networks["bridge"]["IPAddress"].to_string());
    }
    assert_eq!(addresses[0], addresses[2]);
    addresses.sort();
    addresses.dedup();
    assert_eq!(addresses.len(), 4, "{addresses:?}");
}

#[tokio::test]
async fn containers_are_listed_by_their_labels() {
    let engine = engine().await;
    created(&engine, "true", "t1").await;
    created(&engine, "true", "t2").await;
    for (filter, expect) in [("task=t1", 1), ("task", 2), ("task=t3", 0), ("other", 0)] {
        let path =
            format!("containers/json?all=1&filters=%7B%22label%22%3A%5B%22{filter}%22%5D%7D");
        let (_, found) = call(&engine, Method::GET, &path, Value::Null).await;
        assert_eq!(found.as_array().map(Vec::len), Some(expect), "{filter}");
    }
}

#[tokio::test]
async fn dropping_the_engine_ends_what_a_call_still_waits_for() {
    let engine = engine().await;
    let id = created(&engine, "exec sleep 600", "t1").await;
    let path = format!("containers/{id}/start");
    call(&engine, Method::POST, &path, Value::Null).await;
    let container = engine.containers.find(&id).expect("a container");
    drop(engine);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(120), container.wait()).await;
    assert_eq!(ended, Ok(137));
}

/// What `script` writes in a container of `image`, without Docker's frame around it.
async fn written(engine: &Engine, image: &str, script: &str) -> String {
    let body = json!({"Image": image, "Cmd": ["-c", script], "Labels": {}});
    let (_, made) = call(engine, Method::POST, "containers/create", body).await;
    let id = made["Id"].as_str().expect("an id");
    let path = format!("containers/{id}/start");
    call(engine, Method::POST, &path, Value::Null).await;
    let container = engine.containers.find(id).expect("a container");
    assert_eq!(container.wait().await, 0, "{script}");
    String::from_utf8(container.logs()).expect("text")
}

#[tokio::test]
async fn the_images_of_one_repository_share_a_database_that_ends_with_the_engine() {
    let engine = engine().await;
    let other = REPOSITORY.replace("1.dkr", "2.dkr");
    engine.registry.remember(REPOSITORY, "sha256:bb", "v1.1.0");
    engine.registry.remember(&other, "sha256:aa", "v1.0.0");
    let file = "echo $DATABASE; echo order >> $DATABASE";
    let first = written(&engine, &format!("{REPOSITORY}:v1.0.0"), file).await;
    let folder = engine.containers.databases.folder.clone();
    assert!(first.starts_with(&folder.display().to_string()), "{first}");
    for image in [":v1.1.0", "@sha256:bb", "@sha256:aa"] {
        let again = written(&engine, &format!("{REPOSITORY}{image}"), file).await;
        assert_eq!(again, first, "{image}");
    }
    let elsewhere = written(&engine, &format!("{other}:v1.0.0"), file).await;
    assert_ne!(elsewhere, first, "another account");
    let orders = std::fs::read_to_string(first.trim_end()).expect("a file");
    assert_eq!(orders.lines().count(), 4);
    drop(engine);
    assert!(!folder.exists());
}
