//! smoke against a real HTTP server: what it asks, how often, and what it makes of the answers.

mod client;
mod many;
mod secrets;
mod server;
mod tls;

use crate::answer::Answer;
use crate::handler::Smoke;
use crate::reach::Loopback;
use crate::spec;
use fixtures::release_plan;
use serde_json::{Value, json};
use shared::{PerEnvironment, ReleasePlan};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Serves one answer a connection: `answer` gets the request's head and the connection's number.
async fn serve(answer: impl Fn(&str, usize) -> String + Send + 'static) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let count = Arc::new(AtomicUsize::new(0));
    let served = count.clone();
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else {
                return;
            };
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or(0);
            let number = served.fetch_add(1, Ordering::SeqCst);
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

/// A function without base URLs.
fn smoke(checks: Value) -> Smoke {
    let spec = json!({"checks": checks}).to_string();
    Smoke {
        spec: spec::read(Some(&spec)).expect("a spec"),
        base_urls: PerEnvironment {
            blue: None,
            green: None,
        },
        time_limit: Duration::from_secs(20),
        // The servers of these tests are on this machine.
        loopback: Loopback::Allowed,
        secret: None,
    }
}

async fn ask_all(smoke: &Smoke, plan: &ReleasePlan, targets: &[(&str, u16)]) -> Answer {
    let targets = targets
        .iter()
        .map(|(id, port)| json!({"id": id, "port": port}));
    let task = json!({"plan": plan, "targets": targets.collect::<Value>()});
    smoke.handle(task).await.expect("an answer")
}

async fn ask(check: Value, id: &str, port: u16) -> Answer {
    ask_all(&smoke(json!([check])), &release_plan(), &[(id, port)]).await
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
    assert_eq!(answer.results[0].target, format!("127.0.0.1:{port}"));
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
async fn a_target_that_is_an_instance_asks_for_a_base_url() {
    let answer = ask(json!({"name": "a", "path": "/"}), "i-0123", 80).await;
    assert!(
        !answer.passed && answer.reason.contains("set the base URL of green"),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn every_check_is_asked_of_every_target_and_listed_in_order() {
    let (good, _) = serve(|_, _| http("200 OK", r#"{"pong": true}"#)).await;
    let (bad, _) = serve(|_, _| http("200 OK", r#"{"pong": false}"#)).await;
    let pong = json!({"json": [{"path": "$.pong", "equals": true}]});
    let checks = json!([{"name": "up", "path": "/"},
        {"name": "ping", "path": "/ping", "attempts": 1, "expect": pong}]);
    let targets = [("127.0.0.1", bad), ("127.0.0.1", good)];
    let answer = ask_all(&smoke(checks), &release_plan(), &targets).await;
    let found: Vec<_> = answer
        .results
        .iter()
        .map(|result| (result.check.as_str(), result.passed))
        .collect();
    assert_eq!(
        found,
        [("up", true), ("ping", false), ("up", true), ("ping", true)]
    );
    let reason = format!(
        "1 of 4 checks failed: ping on 127.0.0.1:{bad}: expected $.pong = true, found false"
    );
    assert_eq!(answer.reason, reason);
}

#[tokio::test]
async fn no_target_and_no_base_url_is_no_pass() {
    let answer = ask_all(
        &smoke(json!([{"name": "a", "path": "/"}])),
        &release_plan(),
        &[],
    )
    .await;
    assert!(!answer.passed && answer.results.is_empty());
    assert!(
        answer.reason.starts_with("nothing was checked"),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn the_base_url_of_the_idle_environment_is_asked_without_targets() {
    let (port, count) = serve(|head, _| {
        let fits = head.starts_with("GET /health ");
        http(if fits { "200 OK" } else { "404 Not Found" }, "")
    })
    .await;
    let mut smoke = smoke(json!([{"name": "a", "path": "/health", "attempts": 1}]));
    smoke.base_urls.blue = Some("http://127.0.0.1:1".to_owned());
    smoke.base_urls.green = Some(format!("http://127.0.0.1:{port}/"));
    let answer = ask_all(&smoke, &release_plan(), &[]).await;
    assert!(answer.passed, "{answer:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_empty_version_is_not_taken_for_a_tag_that_is_not_known() {
    let (port, _) = serve(|_, _| http("200 OK", r#"{"version": ""}"#)).await;
    let version = json!({"json": [{"path": "$.version", "equals": "{{tag}}"}]});
    let smoke = smoke(json!([{"name": "v", "path": "/", "attempts": 1, "expect": version}]));
    let mut plan = release_plan();
    plan.image.tag = None;
    let answer = ask_all(&smoke, &plan, &[("127.0.0.1", port)]).await;
    assert!(!answer.passed, "{answer:?}");
}

#[tokio::test]
async fn an_answer_fits_however_many_targets_there_are_and_whatever_their_names() {
    let smoke = smoke(json!([{"name": "a".repeat(3000), "path": "/"}]));
    let many = [("i-0123456789abcdef0", 80); 5000];
    let answer = ask_all(&smoke, &release_plan(), &many).await;
    let reason = "2000 of 5000 targets were asked; 2000 of 2000 checks failed: aaa";
    assert!(answer.reason.starts_with(reason), "{}", answer.reason);
    assert_eq!(
        (answer.targets.failing.len(), answer.targets.unasked),
        (2000, 3000)
    );
    fixtures::assert_bounded(&json!(answer));
    let long = format!("i-\n{}", "ä".repeat(2000));
    let answer = ask_all(&smoke, &release_plan(), &vec![(long.as_str(), 80); 5000]).await;
    assert!(answer.targets.unasked > 4900, "{}", answer.reason);
    fixtures::assert_bounded(&json!(answer));
}

#[tokio::test]
async fn what_is_known_of_further_targets_is_said() {
    let smoke = smoke(json!([{"name": "a", "path": "/"}]));
    let task =
        json!({"plan": release_plan(), "targets": [{"id": "i-0123", "port": 80}], "registered": 7});
    let answer = smoke.handle(task).await.expect("an answer");
    let reason = "1 of 7 targets were asked; 1 of 1 checks failed: ";
    assert!(answer.reason.starts_with(reason), "{}", answer.reason);
}

#[tokio::test]
async fn a_password_in_a_base_url_is_nowhere_in_the_answer() {
    let mut smoke = smoke(json!([{"name": "a", "path": "/?key=s3cret"}]));
    smoke.base_urls.green = Some("http://ops:s3cret@green.internal".to_owned());
    let answer = ask_all(&smoke, &release_plan(), &[]).await;
    assert!(!answer.passed && answer.reason.contains("before an @"));
    assert!(!json!(answer).to_string().contains("s3cret"), "{answer:?}");
}
