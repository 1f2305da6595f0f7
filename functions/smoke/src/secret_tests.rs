//! What references stand for, and what is said where they stand for nothing: never a value.

use super::*;
use crate::spec;
use aws_sdk_secretsmanager::operation::get_secret_value::{
    GetSecretValueError, GetSecretValueOutput,
};
use aws_sdk_secretsmanager::primitives::Blob;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::{mock_client, refusing};
use serde_json::json;
use std::sync::atomic::Ordering;

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:smoke-AbCdEf";

fn settings(arn: &'static str) -> Settings<impl Fn(&str) -> Option<String>> {
    Settings(move |name: &str| (name == "SMOKE_SECRET_ARN").then(|| arn.to_owned()))
}

fn spec(header: &str) -> Spec {
    let check = json!({"name": "a", "path": "/", "headers": {"x-key": header}});
    spec::read(Some(&json!({"checks": [check]}).to_string())).expect("a spec")
}

fn source(header: &str, rule: &Rule) -> SecretSource {
    let client = mock_client!(aws_sdk_secretsmanager, RuleMode::MatchAny, [rule]);
    SecretSource::new(client, ARN.to_owned(), spec(header).secrets())
}

/// Secrets Manager has this text, of this secret and no other.
fn has(text: &'static str) -> Rule {
    mock!(Client::get_secret_value)
        .match_requests(|it| {
            it.secret_id() == Some(ARN) && it.version_stage() == Some("AWSCURRENT")
        })
        .then_output(move || GetSecretValueOutput::builder().secret_string(text).build())
}

/// What is fetched for the one reference of a header.
async fn found(header: &str, text: &'static str) -> Result<String, Error> {
    let values = source(header, &has(text)).fetch().await?;
    let key = crate::placeholder::secrets(header)
        .next()
        .expect("a reference");
    Ok(values.get(key).expect("its value").to_owned())
}

async fn refused(header: &str, text: &'static str, expect: &str) {
    let error = found(header, text).await.expect_err(header);
    assert_eq!(error.name(), "InvalidConfiguration");
    let error = error.to_string();
    assert!(error.contains(expect) && error.contains(ARN), "{error}");
    assert!(!error.contains("s3cr"), "{error}");
}

#[tokio::test]
async fn a_reference_stands_for_the_whole_text_or_for_the_text_of_a_key() {
    let object = r#"{"key": "s3cret", "n": 1}"#;
    assert_eq!(
        found("Bearer {{secret}}", "s3cret").await,
        Ok("s3cret".to_owned())
    );
    assert_eq!(found("{{secret}}", object).await, Ok(object.to_owned()));
    assert_eq!(
        found("{{secret:key}}", object).await,
        Ok("s3cret".to_owned())
    );
}

#[tokio::test]
async fn what_stands_for_nothing_that_a_header_can_have_is_named_without_its_value() {
    let key = "{{secret:key}}";
    refused(
        key,
        r#"{"other": "s3cret"}"#,
        "{{secret:key}}: expected this key",
    )
    .await;
    refused(
        key,
        r#"{"key": 1, "x": "s3cret"}"#,
        "found another type of JSON",
    )
    .await;
    refused(key, "s3cret", "expected a JSON object").await;
    refused(
        key,
        r#"{"key": "s3cret\nx: y"}"#,
        "{{secret:key}}: expected printable",
    )
    .await;
    refused("{{secret}}", "s3cret\n", "may have added a line break").await;
    refused("{{secret}}", "s3crét", "expected printable ASCII").await;
    refused(
        "{{secret}}",
        " s3c ",
        "{{secret}}: expected 4 characters or more",
    )
    .await;
}

#[tokio::test]
async fn a_binary_secret_is_no_text() {
    let binary = mock!(Client::get_secret_value).then_output(|| {
        GetSecretValueOutput::builder()
            .secret_binary(Blob::new("s3cret"))
            .build()
    });
    let error = source("{{secret}}", &binary)
        .fetch()
        .await
        .err()
        .expect("no text");
    let error = error.to_string();
    assert!(
        error.contains("found binary data") && !error.contains("s3cret"),
        "{error}"
    );
}

#[tokio::test]
async fn a_secret_that_does_not_exist_is_an_error_with_its_name() {
    let missing = mock!(Client::get_secret_value).then_error(|| {
        let error = aws_sdk_secretsmanager::types::error::ResourceNotFoundException::builder();
        let meta = aws_sdk_secretsmanager::error::ErrorMetadata::builder();
        let meta = meta
            .code("ResourceNotFoundException")
            .message("no such secret");
        GetSecretValueError::ResourceNotFoundException(error.meta(meta.build()).build())
    });
    let error = source("{{secret}}", &missing)
        .fetch()
        .await
        .err()
        .expect("an error");
    let expect = "secretsmanager:GetSecretValue failed: ResourceNotFoundException: no such secret. \
                  Check the stack's parameters.";
    assert_eq!(error, Error::NotFound(expect.to_owned()));
}

#[tokio::test]
async fn a_role_without_the_right_is_an_error_that_names_the_call() {
    let (sdk, calls) = refusing(400, "AccessDeniedException");
    let source = SecretSource::read(&settings(ARN), &spec("{{secret}}"), || sdk);
    let source = source.expect("a source").expect("a reference");
    let error = source.fetch().await.err().expect("an error");
    assert_eq!(
        (error.name(), calls.load(Ordering::Relaxed)),
        ("AccessDenied", 1)
    );
    assert!(
        error
            .to_string()
            .starts_with("secretsmanager:GetSecretValue failed"),
        "{error}"
    );
}

/// The clock runs ahead while nobody answers.
#[tokio::test(start_paused = true)]
async fn without_a_way_to_the_endpoint_the_fetch_ends_and_says_what_is_missing() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let sdk = fixtures::sdk_config(shared::aws::http_client()).into_builder();
    let sdk = sdk.endpoint_url(url).build();
    let source = SecretSource::read(&settings(ARN), &spec("{{secret}}"), || sdk);
    let began = tokio::time::Instant::now();
    let error = source
        .expect("a source")
        .expect("a reference")
        .fetch()
        .await;
    let error = error.err().expect("nobody answers");
    assert!(began.elapsed() <= TIME_LIMIT + Duration::from_millis(10));
    assert_eq!(error.name(), "AwsUnavailable");
    let error = error.to_string();
    assert!(
        error.contains("no answer within 5 s") && error.contains("VPC endpoint"),
        "{error}"
    );
}

#[test]
fn without_a_reference_no_client_is_made_and_without_a_secret_a_reference_is_refused() {
    let never = || panic!("no client is needed");
    let none = SecretSource::read(&settings(ARN), &spec("plain {{tag}}"), never);
    assert!(none.expect("nothing to fetch").is_none());
    let error = SecretSource::read(&settings(""), &spec("{{secret}}"), never);
    let error = error.err().expect("no secret");
    assert_eq!(error.name(), "InvalidConfiguration");
    assert!(
        error.to_string().contains("parameter SmokeSecretArn"),
        "{error}"
    );
}
