//! The bytes that the real SDK clients send are what `Call` reads: a small server takes them in.

use super::Call;
use crate::aws::{Aws, REGION};
use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::future::Future;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

const ACCOUNT: &str = "111122223333";

/// Runs one SDK call against a server that answers nothing useful, and gives what it was asked first.
async fn ask<F: Future>(call: impl FnOnce(Aws) -> F) -> Result<Call> {
    let seen: Arc<Mutex<Vec<Request<Bytes>>>> = Arc::default();
    let taken = seen.clone();
    let take = move |request: Request<Body>| {
        let taken = taken.clone();
        async move {
            let (head, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            if let Ok(mut taken) = taken.lock() {
                taken.push(Request::from_parts(head, body));
            }
            StatusCode::FORBIDDEN
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let server =
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(take)).await });
    call(Aws::new(&endpoint, ACCOUNT)).await;
    server.abort();
    let mut seen = seen.lock().ok().context("the server panicked")?;
    let request = seen.pop().context("the SDK asked nothing")?;
    let (account, region, service) = scope(&request).context("the request is not signed")?;
    Call::read("Flip", &region, &account, &service, &request)
}

/// The credential scope: KEY/DATE/REGION/SERVICE/aws4_request.
fn scope(request: &Request<Bytes>) -> Option<(String, String, String)> {
    let signature = request.headers().get("authorization")?.to_str().ok()?;
    let (_, scope) = signature.split_once("Credential=")?;
    let mut parts = scope.split('/').map(str::to_owned);
    let account = parts.next()?;
    let region = parts.nth(1)?;
    Some((account, region, parts.next()?))
}

fn check(call: Result<Call>, service: &str, operation: &str, parameters: Value) {
    let expect = Call {
        function: "Flip".to_owned(),
        service: service.to_owned(),
        operation: operation.to_owned(),
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        parameters,
    };
    assert_eq!(call.expect("a call"), expect);
}

#[tokio::test]
async fn the_json_clients_are_read() {
    let get = ask(async |aws| {
        let key = aws_sdk_dynamodb::types::AttributeValue::S("record".to_owned());
        aws.dynamodb()
            .get_item()
            .table_name("t")
            .key("item", key)
            .send()
            .await
    });
    let expect = json!({"TableName": "t", "Key": {"item": {"S": "record"}}});
    check(get.await, "dynamodb", "GetItem", expect);
    let update = ask(async |aws| {
        aws.ecs()
            .update_service()
            .cluster("blue")
            .service("api")
            .desired_count(2)
            .send()
            .await
    });
    let expect = json!({"cluster": "blue", "service": "api", "desiredCount": 2});
    check(update.await, "ecs", "UpdateService", expect);
    let images = ask(async |aws| {
        aws.ecr()
            .describe_repositories()
            .repository_names("team/api")
            .send()
            .await
    });
    let expect = json!({"repositoryNames": ["team/api"]});
    check(images.await, "ecr", "DescribeRepositories", expect);
    let execution = ask(async |aws| {
        aws.sfn()
            .describe_execution()
            .execution_arn("a:b")
            .send()
            .await
    });
    let expect = json!({"executionArn": "a:b"});
    check(execution.await, "states", "DescribeExecution", expect);
}

#[tokio::test]
async fn the_query_client_is_read() {
    use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
    let modify = ask(async |aws| {
        let action = Action::builder()
            .r#type(ActionTypeEnum::Forward)
            .target_group_arn("a:b/c d");
        aws.elb()
            .modify_rule()
            .rule_arn("a:r/1")
            .actions(action.build())
            .send()
            .await
    });
    let expect = json!({"Action": "ModifyRule", "Version": "2015-12-01", "RuleArn": "a:r/1",
        "Actions": [{"Type": "forward", "TargetGroupArn": "a:b/c d"}]});
    check(modify.await, "elasticloadbalancing", "ModifyRule", expect);
    let groups = ask(async |aws| {
        aws.elb()
            .describe_target_groups()
            .target_group_arns("a")
            .target_group_arns("b")
            .send()
            .await
    });
    let expect = json!({"Action": "DescribeTargetGroups", "Version": "2015-12-01",
        "TargetGroupArns": ["a", "b"]});
    check(
        groups.await,
        "elasticloadbalancing",
        "DescribeTargetGroups",
        expect,
    );
}

#[tokio::test]
async fn the_cbor_client_is_read() {
    use aws_sdk_cloudwatch::primitives::DateTime;
    let data = ask(async |aws| {
        let (from, to) = (DateTime::from_secs(0), DateTime::from_secs(60));
        let query = aws_sdk_cloudwatch::types::MetricDataQuery::builder()
            .id("requests")
            .build();
        let call = aws
            .cloudwatch()
            .get_metric_data()
            .metric_data_queries(query);
        call.start_time(from).end_time(to).send().await
    });
    check(data.await, "monitoring", "GetMetricData", Value::Null);
}
