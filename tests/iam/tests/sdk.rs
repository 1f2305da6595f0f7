//! What the real SDK clients send is what `Call` reads.

use anyhow::{Context, Result};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sfn::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::test_util::capture_request;
use http::Request;
use iam::Call;
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

/// Makes one SDK call that nobody answers usefully, and reads what it sent.
async fn ask(call: impl AsyncFnOnce(SdkConfig)) -> Result<Call> {
    let (client, sent) = capture_request(None);
    let credentials = Credentials::new(ACCOUNT, "secret", None, None, "test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(client);
    call(config.build()).await;
    let sent = sent.expect_request();
    let body = sent.body().bytes().context("a body in pieces")?;
    let mut request = Request::post(sent.uri());
    for (name, value) in sent.headers() {
        request = request.header(name, value);
    }
    let request = request.body(body)?;
    let (account, region, service) = scope(&request).context("the request is not signed")?;
    Call::read("Flip", &region, &account, &service, &request)
}

/// The credential scope: KEY/DATE/REGION/SERVICE/aws4_request.
fn scope(request: &Request<&[u8]>) -> Option<(String, String, String)> {
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
    let get = ask(async |config| {
        let key = aws_sdk_dynamodb::types::AttributeValue::S("record".to_owned());
        aws_sdk_dynamodb::Client::new(&config)
            .get_item()
            .table_name("t")
            .key("item", key)
            .send()
            .await
            .ok();
    });
    let expect = json!({"TableName": "t", "Key": {"item": {"S": "record"}}});
    check(get.await, "dynamodb", "GetItem", expect);
    let update = ask(async |config| {
        aws_sdk_ecs::Client::new(&config)
            .update_service()
            .cluster("blue")
            .service("api")
            .desired_count(2)
            .send()
            .await
            .ok();
    });
    let expect = json!({"cluster": "blue", "service": "api", "desiredCount": 2});
    check(update.await, "ecs", "UpdateService", expect);
    let images = ask(async |config| {
        aws_sdk_ecr::Client::new(&config)
            .describe_repositories()
            .repository_names("team/api")
            .send()
            .await
            .ok();
    });
    let expect = json!({"repositoryNames": ["team/api"]});
    check(images.await, "ecr", "DescribeRepositories", expect);
    let execution = ask(async |config| {
        aws_sdk_sfn::Client::new(&config)
            .describe_execution()
            .execution_arn("a:b")
            .send()
            .await
            .ok();
    });
    let expect = json!({"executionArn": "a:b"});
    check(execution.await, "states", "DescribeExecution", expect);
}

#[tokio::test]
async fn the_query_client_is_read() {
    use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
    let modify = ask(async |config| {
        let action = Action::builder()
            .r#type(ActionTypeEnum::Forward)
            .target_group_arn("a:b/c d");
        aws_sdk_elasticloadbalancingv2::Client::new(&config)
            .modify_rule()
            .rule_arn("a:r/1")
            .actions(action.build())
            .send()
            .await
            .ok();
    });
    let expect = json!({"Action": "ModifyRule", "Version": "2015-12-01", "RuleArn": "a:r/1",
        "Actions": [{"Type": "forward", "TargetGroupArn": "a:b/c d"}]});
    check(modify.await, "elasticloadbalancing", "ModifyRule", expect);
    let groups = ask(async |config| {
        aws_sdk_elasticloadbalancingv2::Client::new(&config)
            .describe_target_groups()
            .target_group_arns("a")
            .target_group_arns("b")
            .send()
            .await
            .ok();
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
    let data = ask(async |config| {
        let (from, to) = (DateTime::from_secs(0), DateTime::from_secs(60));
        let query = aws_sdk_cloudwatch::types::MetricDataQuery::builder()
            .id("requests")
            .build();
        let call = aws_sdk_cloudwatch::Client::new(&config)
            .get_metric_data()
            .metric_data_queries(query);
        call.start_time(from).end_time(to).send().await.ok();
    });
    check(data.await, "monitoring", "GetMetricData", Value::Null);
}
