//! The tests of `lookups.rs`.

use super::*;
use aws_sdk_applicationautoscaling::operation::describe_scalable_targets::DescribeScalableTargetsOutput;
use aws_sdk_applicationautoscaling::types::{ScalableDimension, ScalableTarget, ServiceNamespace};
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_smithy_mocks::{RuleMode, mock};
use aws_smithy_types::DateTime;
use fixtures::mock_client;

/// What is known of a secret of eu-west-1, which exists; the role may describe what fits `allowed`.
async fn looked_up(allowed: &str, secret: &str) -> Fact<bool> {
    let described = mock!(aws_sdk_secretsmanager::Client::describe_secret)
        .then_output(|| DescribeSecretOutput::builder().build());
    let client = mock_client!(aws_sdk_secretsmanager, RuleMode::MatchAny, [&described]);
    let secrets = [Secret::Managed(secret.to_owned())].into();
    let mut found = super::secrets(&client, secrets, &[allowed.to_owned()], "eu-west-1").await;
    found.remove(0).exists
}

#[tokio::test]
async fn a_secret_is_looked_for_where_the_policy_allows_it() {
    let arn = |rest: &str| format!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:{rest}");
    for (allowed, secret, expect) in [
        ("prod/*", "prod/db-a1b2c3", true),
        ("prod/*", "prod/eu/db-a1b2c3", true),
        ("prod/db-??????", "prod/db-a1b2c3", true),
        ("prod/db-a1b2c3", "prod/db-a1b2c3", true),
        ("prod/*", "test/db-a1b2c3", false),
        ("prod/db-??????", "prod/db-old-a1b2c3", false),
    ] {
        let found = looked_up(&arn(allowed), &arn(secret)).await;
        let expect: Fact<bool> = if expect {
            Ok(true)
        } else {
            Err("it is not in the stack's parameter SecretArns".into())
        };
        assert_eq!(found, expect, "{allowed} {secret}");
    }
}

#[tokio::test]
async fn one_call_says_what_autoscaling_gives_each_service_at_most() {
    let targets = mock!(autoscaling::Client::describe_scalable_targets)
        .match_requests(|request| {
            request.resource_ids() == ["service/shop-blue/api", "service/shop-green/api"]
        })
        .then_output(|| {
            let target = ScalableTarget::builder()
                .service_namespace(ServiceNamespace::Ecs)
                .resource_id("service/shop-green/api")
                .scalable_dimension(ScalableDimension::EcsServiceDesiredCount)
                .min_capacity(1)
                .max_capacity(6)
                .role_arn("arn:role")
                .creation_time(DateTime::from_secs(0));
            let target = target.build().expect("a target");
            DescribeScalableTargetsOutput::builder()
                .scalable_targets(target)
                .build()
        });
    let client = mock_client!(
        aws_sdk_applicationautoscaling,
        RuleMode::MatchAny,
        [&targets]
    );
    let service = |cluster: &str| ServiceName {
        cluster: cluster.to_owned(),
        service: "api".to_owned(),
    };
    let services = PerEnvironment {
        blue: service("shop-blue"),
        green: service("shop-green"),
    };
    let found = ceilings(&client, &services).await.expect("ceilings");
    assert_eq!((found.blue, found.green), (None, Some(6)));
    assert_eq!(targets.num_calls(), 1);
}
