//! How many healthy targets a flip needs, forward and back, and what the answers say of them.

use super::{
    RULE, active_wants, alarm, invoke, invoke_with_ecs, modifies, reads, record, rule_forwards_to,
    saves, targets_are,
};
use crate::answer::{Answer, Decision};
use crate::capacity::Capacity;
use aws_sdk_ecs::error::ErrorMetadata;
use aws_sdk_ecs::operation::describe_services::{DescribeServicesError, DescribeServicesOutput};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum as State;
use aws_smithy_mocks::{Rule, mock};
use chrono::Utc;
use record::{Phase, Record, Release};
use serde_json::{Value, json};
use shared::Error;

fn flip_task(wanted: i32) -> Value {
    let plan = fixtures::release_plan();
    json!({"action": "flip", "plan": plan, "execution": "arn:r1", "wanted": wanted, "taskDefinition": "shop:2"})
}

/// Ten targets, of which this many are healthy.
fn healthy(count: usize) -> Rule {
    let state = |at| {
        if at < count {
            State::Healthy
        } else {
            State::Initial
        }
    };
    targets_are((0..10).map(state).collect())
}

/// A record whose release left an environment of ten tasks.
fn left_ten(phase: Phase) -> Record {
    let record = record(phase);
    let release = record.release.map(|release| Release {
        from_desired: 10,
        ..release
    });
    Record { release, ..record }
}

/// A flip that begins with these targets: the answer, and how many rules it wrote.
async fn begin(wanted: i32, active: i32, targets: Rule) -> (Answer, usize) {
    let deploying = reads(record(Phase::Deploying));
    let (saved, ended, modified) = (saves(), saves(), modifies());
    let (blue, green) = (rule_forwards_to("tg-blue"), rule_forwards_to("tg-green"));
    let answer = invoke_with_ecs(
        flip_task(wanted),
        &[&deploying, &saved, &ended],
        &[&targets, &blue, &modified, &green],
        &[&active_wants(active)],
    )
    .await;
    (answer.expect("an answer"), modified.num_calls())
}

#[tokio::test]
async fn a_flip_begins_once_all_wanted_targets_are_healthy() {
    let (answer, written) = begin(10, 10, healthy(10)).await;
    assert_eq!((answer.decision, written), (Decision::Flipped, 1));
    let expect = Capacity {
        healthy: 10,
        registered: 10,
        wanted: 10,
    };
    assert_eq!(answer.targets, Some(expect));
}

#[tokio::test]
async fn a_flip_begins_with_what_active_wants_now_if_that_is_fewer() {
    let (answer, written) = begin(10, 3, healthy(3)).await;
    assert_eq!((answer.decision, written), (Decision::Flipped, 1));
}

/// Neither the record nor a rule is written: a second call finds the release as it was. What was read as the record was
/// asked does not count, so everything is read twice.
#[tokio::test]
async fn a_flip_with_too_few_healthy_targets_changes_nothing_and_says_the_figures() {
    let deploying = || reads(record(Phase::Deploying));
    let (first, second, saved) = (deploying(), deploying(), saves());
    let look = || (healthy(3), rule_forwards_to("tg-blue"), active_wants(12));
    let ((three, blue, twelve), (still, again, wanted), modified) = (look(), look(), modifies());
    let answer = invoke_with_ecs(
        flip_task(10),
        &[&first, &second, &saved],
        &[&three, &blue, &still, &again, &modified],
        &[&twelve, &wanted],
    )
    .await;
    let answer = answer.expect("an answer");
    let written = saved.num_calls() + modified.num_calls();
    assert_eq!((answer.decision, written), (Decision::NotReady, 0));
    assert_eq!(
        answer.reason,
        "3 of 10 wanted targets of green are healthy (registered: 10)"
    );
    let targets = json!({"healthy": 3, "registered": 10, "wanted": 10});
    let answer = serde_json::to_value(answer).expect("JSON");
    assert_eq!(
        (
            &answer["decision"],
            &answer["targets"],
            &answer["flippedAt"]
        ),
        (&json!("not-ready"), &targets, &Value::Null)
    );
}

#[tokio::test]
async fn what_active_wants_is_not_guessed_where_ecs_does_not_answer() {
    let check = async |ecs: Rule, expect: &str| {
        let (deploying, modified) = (reads(record(Phase::Deploying)), modifies());
        let (ten, blue) = (healthy(10), rule_forwards_to("tg-blue"));
        let elb = [&ten, &blue, &modified];
        let error: Result<Answer, Error> =
            invoke_with_ecs(flip_task(10), &[&deploying], &elb, &[&ecs]).await;
        assert_eq!(error.expect_err("no answer").name(), expect);
        assert_eq!(modified.num_calls(), 0);
    };
    let throttled = mock!(aws_sdk_ecs::Client::describe_services).then_error(|| {
        let code = ErrorMetadata::builder().code("ThrottlingException");
        DescribeServicesError::generic(code.build())
    });
    check(throttled, "AwsUnavailable").await;
    let no_service = mock!(aws_sdk_ecs::Client::describe_services)
        .then_output(|| DescribeServicesOutput::builder().build());
    check(no_service, "NotFound").await;
}

/// Its rules may disagree, which is worse than a small environment. It does not need ECS, and does not wait for it.
#[tokio::test]
async fn a_flip_that_has_begun_goes_on_with_one_healthy_target() {
    let (flipping, saved, ended) = (reads(record(Phase::Flipping)), saves(), saves());
    let look = || (healthy(1), rule_forwards_to("tg-blue"));
    let ((one, blue), (still, again)) = (look(), look());
    let (modified, green) = (modifies(), rule_forwards_to("tg-green"));
    let table = [&flipping, &saved, &ended];
    let elb = [&one, &blue, &still, &again, &modified, &green];
    let silent = mock!(aws_sdk_ecs::Client::describe_services)
        .then_output(|| DescribeServicesOutput::builder().build());
    let answer = invoke_with_ecs(flip_task(10), &table, &elb, &[&silent]).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::Flipped, 1)
    );
}

/// A flip back to ten tasks of which one is healthy: its answer, and the record that its lease wrote.
async fn back_with_one(payload: Value) -> Answer {
    let watching = reads(left_ten(Phase::Watching));
    let noted = "14 > 10; flipped back with 1 of 10 targets healthy";
    let lease = mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .match_requests(move |it| format!("{it:?}").contains(noted))
        .then_output(|| {
            aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput::builder()
                .build()
        });
    let (ended, modified) = (saves(), modifies());
    let (one, green, blue) = (
        healthy(1),
        rule_forwards_to("tg-green"),
        rule_forwards_to("tg-blue"),
    );
    let table = [&watching, &lease, &ended];
    let answer = invoke(payload, &table, &[&one, &green, &modified, &blue]).await;
    assert_eq!((lease.num_calls(), modified.num_calls()), (1, 1));
    answer.expect("an answer")
}

/// The record keeps the note: the execution that finds the flip back has its notice from there.
#[tokio::test]
async fn a_flip_back_goes_with_one_healthy_target_and_says_so() {
    let task =
        json!({"action": "flip-back", "release": "r1", "execution": "arn:r1", "reason": "14 > 10"});
    for payload in [task, alarm(Utc::now())] {
        let answer = back_with_one(payload).await;
        let expect = Capacity {
            healthy: 1,
            registered: 10,
            wanted: 10,
        };
        assert_eq!(
            (answer.decision, answer.targets),
            (Decision::FlippedBack, Some(expect))
        );
        let noted = "flipped back with 1 of 10 targets healthy";
        assert!(answer.reason.ends_with(noted), "{}", answer.reason);
    }
}

#[tokio::test]
async fn a_preview_says_with_how_many_targets_a_flip_back_is_possible() {
    let task = json!({"action": "preview", "plan": null, "flipBack": true});
    let (green, one, again) = (
        rule_forwards_to("tg-green"),
        healthy(1),
        rule_forwards_to("tg-green"),
    );
    let stable = reads(left_ten(Phase::Stable));
    let answer = invoke(task, &[&stable], &[&green, &one, &again]).await;
    let preview = answer.expect("an answer").preview.expect("a preview");
    assert_eq!(preview.rules[0].rule, RULE);
    assert_eq!(preview.rules[0].after, "blue");
    assert!(preview.flip_back.possible, "{preview:?}");
    assert_eq!(
        preview.flip_back.reason,
        "release r1 can be flipped back to blue, with 1 of 10 targets healthy"
    );
}
