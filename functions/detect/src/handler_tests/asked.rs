//! What a request asks of AWS, and how often: a call more is a call more of every release of an account.

use super::artifacts::unqueued;
use super::asking::{ask_for, context, writes};
use super::aws::{mute, observer};
use super::builds::written;
use super::records::{ME, held_by, newest};
use super::registry::{image_found, images};
use crate::claim::Context;
use crate::look::observe;
use crate::task::Answer;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_ecr::operation::describe_images::DescribeImagesError;
use aws_sdk_ecr::types::error::ImageNotFoundException;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_groups::DescribeTargetGroupsOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::types::TargetGroup;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::mock_client;
use record::{Record, Store};
use serde_json::json;
use shared::PerEnvironment;

/// detect beside a table that holds `record`, and how often that is read.
fn counted(record: &Record, write: &Rule, image: &Rule) -> (Context, Rule) {
    let item = serde_dynamo::aws_sdk_dynamodb_1::to_item(record).expect("an item");
    let read = mock!(aws_sdk_dynamodb::Client::get_item).then_output(move || {
        let output = GetItemOutput::builder();
        output.set_item(Some(item.clone())).build()
    });
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&read, write]);
    let store = Store::new(table, "releases".to_owned(), "shop".to_owned());
    let context = context(newest(), write, image, Running);
    (Context { store, ..context }, read)
}

#[tokio::test]
async fn a_release_reads_the_record_once_and_each_image_once() {
    let (write, image) = (writes(), images(1));
    let (context, read) = counted(&unqueued(), &write, &image);
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!((read.num_calls(), write.num_calls()), (1, 2));
    assert_eq!(image.num_calls(), 2, "the new image, and the one that runs");
}

#[tokio::test]
async fn the_claim_is_written_where_the_record_is_still_that_of_its_own_place_in_the_order() {
    let write = mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(|request| {
            let put = request.transact_items()[0].put().expect("a put");
            let values = put.expression_attribute_values().expect("values");
            let before = values[":version"].as_n().expect("a number").as_str();
            let next = written(request);
            before == if next.holder.is_some() { "2" } else { "1" }
        })
        .then_output(|| TransactWriteItemsOutput::builder().build());
    let (context, _) = counted(&unqueued(), &write, &images(1));
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 2);
}

#[tokio::test]
async fn an_earlier_claim_is_read_again_before_it_is_answered() {
    let write = writes();
    let (context, read) = counted(&held_by(ME), &write, &images(1));
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!((read.num_calls(), write.num_calls()), (2, 0));
}

#[tokio::test]
async fn an_image_that_does_not_exist_is_refused_although_the_record_cannot_be_read() {
    let missing = mock!(aws_sdk_ecr::Client::describe_images).then_error(|| {
        DescribeImagesError::ImageNotFoundException(ImageNotFoundException::builder().build())
    });
    let mut context = context(newest(), &writes(), &missing, Running);
    context.store = Store::new(mute!(aws_sdk_dynamodb), String::new(), String::new());
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    assert!(
        matches!(&answer, Answer::Refuse { reason, .. } if reason.as_str().contains("does not exist")),
        "{answer:?}"
    );
}

#[tokio::test]
async fn one_call_reads_both_target_groups_and_each_environment_gets_its_own() {
    use aws_sdk_elasticloadbalancingv2::Client;
    let rules = mock!(Client::describe_rules).then_output(|| {
        let rule = aws_sdk_elasticloadbalancingv2::types::Rule::builder();
        let rule = rule.rule_arn("rule").set_actions(Some(Vec::new()));
        DescribeRulesOutput::builder().rules(rule.build()).build()
    });
    let health = mock!(Client::describe_target_health)
        .then_output(|| DescribeTargetHealthOutput::builder().build());
    // In its own order, and without blue's.
    let groups = mock!(Client::describe_target_groups)
        .match_requests(|request| request.target_group_arns() == ["tg-blue", "tg-green"])
        .then_output(|| {
            let group = |arn: &str| TargetGroup::builder().target_group_arn(arn).build();
            DescribeTargetGroupsOutput::builder()
                .target_groups(group("tg-other"))
                .target_groups(group("tg-green"))
                .build()
        });
    let mut observer = observer(&image_found());
    observer.elb = mock_client!(
        aws_sdk_elasticloadbalancingv2,
        RuleMode::MatchAny,
        [&rules, &health, &groups]
    );
    let snapshot = observe(&observer).await.expect("a snapshot");
    let PerEnvironment { blue, green } = snapshot.environments;
    let arn = |group: Option<TargetGroup>| group.and_then(|it| it.target_group_arn);
    let found = (arn(blue.group), arn(green.group));
    assert_eq!(found, (None, Some("tg-green".to_owned())));
    assert_eq!(groups.num_calls(), 1);
}
