//! smoke's requests against a real HTTP server: what they send, what they follow and where they stop.

use super::{ask, ask_all, http, serve, smoke};
use crate::reach::Loopback;
use fixtures::release_plan;
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;

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
    // With the usual time, which nobody needs to find that nobody listens.
    let check = json!({"name": "a", "path": "/", "attempts": 1});
    let gone = ask(check, "127.0.0.1", port).await;
    assert!(
        gone.reason.contains("a on 127.0.0.1:") && gone.reason.contains("refused"),
        "{}",
        gone.reason
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

#[tokio::test]
async fn a_slow_answer_is_over_its_limit() {
    let slow = |_: &str, _| {
        std::thread::sleep(Duration::from_millis(60));
        http("200 OK", "")
    };
    let (port, _) = serve(slow).await;
    let check = json!({"name": "a", "path": "/", "attempts": 1, "expect": {"maxLatencyMs": 50}});
    let answer = ask(check, "127.0.0.1", port).await;
    let result = &answer.results[0];
    assert_eq!(result.expected, "an answer within 50 ms");
    assert!(result.latency_ms.is_some_and(|ms| ms >= 60), "{result:?}");
}

#[tokio::test]
async fn without_permission_this_machine_is_not_asked_by_address_or_by_name() {
    let (port, count) = serve(|_, _| http("200 OK", "")).await;
    let mut smoke = smoke(json!([{"name": "a", "path": "/", "attempts": 1}]));
    smoke.loopback = Loopback::Refused;
    let answer = ask_all(
        &smoke,
        &release_plan(),
        &[("127.0.0.1", port), ("::1", port)],
    )
    .await;
    let results = answer.results.iter();
    let found: Vec<_> = results.map(|result| result.found.as_str()).collect();
    let why = "is a loopback address: the function itself";
    assert_eq!(
        found,
        [
            format!("not asked: 127.0.0.1 {why}"),
            format!("not asked: ::1 {why}")
        ]
    );
    for host in ["localhost", "LOCALHOST"] {
        smoke.base_urls.green = Some(format!("http://{host}:{port}"));
        let answer = ask_all(&smoke, &release_plan(), &[]).await;
        assert!(!answer.passed);
        let expect = format!("no answer: {} resolves to ", host.to_lowercase());
        assert!(answer.results[0].found.starts_with(&expect), "{answer:?}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn no_permission_opens_the_way_to_metadata_or_to_a_host_in_a_path() {
    let mut smoke = smoke(json!([{"name": "a", "path": "/green", "attempts": 1}]));
    let answer = ask_all(&smoke, &release_plan(), &[("169.254.169.254", 80)]).await;
    let found = &answer.results[0].found;
    assert!(
        found.starts_with("not asked: 169.254.169.254 is a link-local"),
        "{found}"
    );
    smoke.base_urls.green = Some("http://".to_owned());
    let answer = ask_all(&smoke, &release_plan(), &[]).await;
    assert_eq!(
        answer.results[0].found,
        "it is not a host alone, with a port or without"
    );
}
