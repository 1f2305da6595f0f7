//! smoke against a real HTTP server: what it follows, what it caps, how it tries again.

use crate::handler::{Answer, Smoke};
use crate::spec;
use serde_json::{Value, json};
use shared::PerEnvironment;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Serves one answer a connection: `answer` gets the request's head and the connection's number.
async fn serve(answer: impl Fn(&str, usize) -> String + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let count = Arc::new(AtomicUsize::new(0));
    let seen = count.clone();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else {
                return;
            };
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or(0);
            let number = seen.fetch_add(1, Ordering::SeqCst);
            let text = answer(&String::from_utf8_lossy(&head[..read]), number);
            // A client that has read enough hangs up; that is what some of these tests want.
            stream.write_all(text.as_bytes()).await.ok();
        }
    });
    (port, count)
}

fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn task(id: &str, port: u16) -> Value {
    let side = |name: &str| {
        json!({"environment": name, "cluster": name, "service": "api", "targetGroup": "tg", "protocol": "HTTP",
            "taskDefinition": "td:1", "desired": 1, "running": 1, "digest": null})
    };
    json!({"targets": [{"id": id, "port": port}], "plan": {"release": "r1", "execution": "arn", "taskDefinition": null,
        "image": {"uri": "shop@sha256:new", "tag": "v1.1.0", "digest": "sha256:new"}, "warnings": [],
        "from": "blue", "to": "green", "active": side("blue"), "idle": side("green")}})
}

async fn ask(check: Value, id: &str, port: u16) -> Answer {
    let spec = json!({"checks": [check]}).to_string();
    let smoke = Smoke {
        spec: spec::read(Some(&spec)).expect("a spec"),
        base_urls: PerEnvironment {
            blue: None,
            green: None,
        },
    };
    smoke.handle(task(id, port)).await.expect("an answer")
}

#[tokio::test]
async fn an_answer_that_names_its_build_proves_it() {
    let (port, _) = serve(|_, _| http("200 OK", r#"{"digest": "sha256:new"}"#)).await;
    let expect = json!({"json": [{"path": "$.digest", "equals": "{{digest}}"}]});
    let answer = ask(
        json!({"name": "build", "path": "/version", "expect": expect}),
        "127.0.0.1",
        port,
    )
    .await;
    assert!(answer.passed, "{answer:?}");
    assert_eq!(answer.results[0].target, format!("http://127.0.0.1:{port}"));
}

#[tokio::test]
async fn a_redirect_is_found_and_not_followed() {
    let (port, count) = serve(|_, _| {
        "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned()
    })
    .await;
    let answer = ask(
        json!({"name": "a", "path": "/", "attempts": 1}),
        "127.0.0.1",
        port,
    )
    .await;
    assert_eq!(
        (answer.passed, answer.results[0].found.as_str()),
        (false, "status 302")
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_failing_check_is_tried_again_within_its_bound() {
    let flaky = |_: &str, number| {
        if number < 2 {
            http("503 Busy", "")
        } else {
            http("200 OK", "")
        }
    };
    let (port, count) = serve(flaky).await;
    let answer = ask(
        json!({"name": "a", "path": "/", "attempts": 3}),
        "127.0.0.1",
        port,
    )
    .await;
    assert!(answer.passed, "{answer:?}");
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_body_without_end_is_capped() {
    let (port, _) = serve(|_, _| http("200 OK", &"x".repeat(100_000))).await;
    let expect = json!({"json": [{"path": "$.a", "exists": true}]});
    let answer = ask(
        json!({"name": "a", "path": "/", "attempts": 1, "expect": expect}),
        "127.0.0.1",
        port,
    )
    .await;
    assert_eq!(answer.results[0].found, "a body of more than 65536 bytes");
}

#[tokio::test]
async fn a_target_that_does_not_answer_fails_its_check() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let check = json!({"name": "a", "path": "/", "attempts": 1, "timeoutMs": 100});
    let silent = ask(check.clone(), "127.0.0.1", port).await;
    assert_eq!(silent.results[0].found, "no answer within 100 ms");
    drop(listener);
    let gone = ask(check, "127.0.0.1", port).await;
    assert!(
        gone.reason.contains("a on http://127.0.0.1") && gone.reason.contains("refused"),
        "{}",
        gone.reason
    );
}

#[tokio::test]
async fn a_target_that_is_an_instance_asks_for_a_base_url() {
    let answer = ask(json!({"name": "a", "path": "/"}), "i-0123", 80).await;
    assert!(
        !answer.passed && answer.reason.contains("set the base URL of green"),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn method_headers_and_body_are_sent() {
    let (port, _) = serve(|head, _| {
        let fits = head.starts_with("POST /orders ")
            && head.contains("x-key: v1.1.0")
            && head.ends_with(r#"{"n":1}"#);
        http(if fits { "201 Created" } else { "400 Bad" }, "")
    })
    .await;
    let check = json!({"name": "a", "method": "POST", "path": "/orders", "headers": {"x-key": "{{tag}}"},
        "body": {"n": 1}, "attempts": 1, "expect": {"status": 201}});
    assert!(ask(check, "127.0.0.1", port).await.passed);
}
