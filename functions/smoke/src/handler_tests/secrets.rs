//! The secret on its way: from Secrets Manager into a header, and never into an answer.

use super::{ask_all, http, serve, smoke};
use crate::handler::Smoke;
use crate::secret::SecretSource;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueOutput;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::{mock_client, release_plan};
use serde_json::json;
use shared::config::Settings;
use std::sync::atomic::Ordering;

fn secret(text: &'static str) -> Rule {
    mock!(Client::get_secret_value)
        .then_output(move || GetSecretValueOutput::builder().secret_string(text).build())
}

/// With one check that sends this header.
fn sending(header: &str, secret: &Rule) -> Smoke {
    let json = json!([{"path": "$.ok", "equals": true}]);
    let check = json!({"name": "a", "path": "/", "attempts": 2, "headers": {"x-key": header},
        "expect": {"headers": {"server": "shop"}, "json": json}});
    let mut smoke = smoke(json!([check]));
    let client = mock_client!(aws_sdk_secretsmanager, RuleMode::MatchAny, [secret]);
    let source = SecretSource::new(client, "arn".to_owned(), smoke.spec.secrets());
    smoke.secret = Some(source);
    smoke
}

/// Replies with what the header was, and says that all is well if it is as expected.
fn echo(head: &str, expected: &str, server: &str) -> String {
    let key = head.lines().find_map(|line| line.strip_prefix("x-key: "));
    let body = json!({"ok": if key == Some(expected) { json!(true) } else { json!(key) }});
    let reply = http("200 OK", &body.to_string());
    reply.replacen("\r\n", &format!("\r\nserver: {server}\r\n"), 1)
}

#[tokio::test]
async fn a_header_has_the_secret_which_is_fetched_once_for_all_targets() {
    let secret = secret(r#"{"key": "s3cret {{tag}}"}"#);
    let smoke = sending("Key {{secret:key}} {{tag}}", &secret);
    let expected = "Key s3cret {{tag}} v1.1.0";
    let (port, count) = serve(move |head, number| match number {
        0 => http("503 Busy", ""),
        _ => echo(head, expected, "shop"),
    })
    .await;
    let targets = [("127.0.0.1", port), ("127.0.0.1", port)];
    let answer = ask_all(&smoke, &release_plan(), &targets).await;
    assert!(answer.passed, "{answer:?}");
    assert_eq!((count.load(Ordering::SeqCst), secret.num_calls()), (3, 1));
    ask_all(&smoke, &release_plan(), &targets).await;
    assert_eq!(secret.num_calls(), 2, "each invocation reads a rotation");
}

#[tokio::test]
async fn a_tag_that_reads_like_a_reference_is_no_reference() {
    let secret = secret("s3cret");
    let smoke = sending("{{secret}} {{tag}}", &secret);
    let (port, _) = serve(|head, _| echo(head, "s3cret {{secret}}", "shop")).await;
    let mut plan = release_plan();
    plan.image.tag = Some("{{secret}}".to_owned());
    let answer = ask_all(&smoke, &plan, &[("127.0.0.1", port)]).await;
    assert!(answer.passed, "{answer:?}");
}

#[tokio::test]
async fn a_target_that_sends_the_secret_back_finds_it_hidden() {
    let secret = secret(r#"s3"cret\word"#);
    let smoke = sending("Bearer {{secret}}", &secret);
    for (server, found) in [("shop", "\"Bearer ***\""), ("s3\"cret\\word", "***")] {
        let (port, _) = serve(move |head, _| echo(head, "", server)).await;
        let answer = ask_all(&smoke, &release_plan(), &[("127.0.0.1", port)]).await;
        assert_eq!(answer.results[0].found, found);
        let answer = json!(answer).to_string();
        assert!(
            !answer.contains("cret") && answer.contains("***"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_spec_that_refers_to_nothing_calls_nobody() {
    let settings = Settings(|name: &str| (name == "SMOKE_SECRET_ARN").then(|| "arn".to_owned()));
    let smoke = Smoke::read(&settings, || panic!("no client is needed")).expect("a function");
    let answer = ask_all(&smoke, &release_plan(), &[]).await;
    assert!(
        answer.reason.starts_with("nothing was checked"),
        "{answer:?}"
    );
}
