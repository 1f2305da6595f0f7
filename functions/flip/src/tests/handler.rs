//! flip at its edge: which calls it makes, and which it does not.

use super::{
    alarm, flip_back_task, invoke, modifies, reads, record, rule_forwards_to, saves, target_is,
    targets_are,
};
use crate::answer::Decision;
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use chrono::{TimeDelta, Utc};
use record::Phase;
use serde_json::json;
use shared::Environment;

#[tokio::test]
async fn a_flip_back_writes_the_rule_once_and_reads_it_back() {
    let (watching, saved, ended) = (reads(record(Phase::Watching)), saves(), saves());
    let (healthy, green, modified, blue) = (
        targets_are(vec![TargetHealthStateEnum::Healthy; 2]),
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let table = [&watching, &saved, &ended];
    let answer = invoke(
        flip_back_task(),
        &table,
        &[&healthy, &green, &modified, &blue],
    )
    .await
    .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::FlippedBack, 1)
    );
    assert_eq!(
        (answer.reason.as_str(), answer.from),
        ("slow", Some(Environment::Blue))
    );
}

#[tokio::test]
async fn already_flipped_back_makes_no_write_call() {
    let (rolled_back, modified) = (reads(record(Phase::RolledBack)), modifies());
    let answer = invoke(flip_back_task(), &[&rolled_back], &[&modified])
        .await
        .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::AlreadyFlippedBack, 0)
    );
}

#[tokio::test]
async fn an_environment_without_a_healthy_target_gets_no_traffic() {
    let watching = || reads(record(Phase::Watching));
    let (first, second, modified) = (watching(), watching(), modifies());
    let (sick, green) = (
        target_is(TargetHealthStateEnum::Unhealthy),
        rule_forwards_to("tg-green"),
    );
    let answer = invoke(
        flip_back_task(),
        &[&first, &second],
        &[&sick, &green, &modified],
    )
    .await
    .expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::Refused, 0)
    );
    assert!(
        answer.reason.contains("blue has no healthy target"),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn an_alarm_from_before_the_flip_is_ignored() {
    let watching = reads(record(Phase::Watching));
    let answer = invoke(alarm(Utc::now() - TimeDelta::minutes(5)), &[&watching], &[])
        .await
        .expect("an answer");
    assert_eq!(answer.decision, Decision::Ignored);
}

#[tokio::test]
async fn an_alarm_whose_flip_back_is_refused_is_delivered_again() {
    let watching = || reads(record(Phase::Watching));
    let (first, second, modified) = (watching(), watching(), modifies());
    let (sick, green) = (
        target_is(TargetHealthStateEnum::Initial),
        rule_forwards_to("tg-green"),
    );
    let error = invoke(
        alarm(Utc::now()),
        &[&first, &second],
        &[&sick, &green, &modified],
    )
    .await;
    assert_eq!(error.expect_err("refused").name(), "FlipBackRefused");
    assert_eq!(modified.num_calls(), 0);
}

#[tokio::test]
async fn a_preview_shows_each_rule_before_and_after_and_makes_no_write_call() {
    let task = json!({"action": "preview", "plan": fixtures::release_plan(), "flipBack": false});
    let (blue, deploying) = (rule_forwards_to("tg-blue"), reads(record(Phase::Deploying)));
    let answer = invoke(task, &[&deploying], &[&blue]).await;
    let answer = answer.expect("an answer");
    let preview = answer.preview.expect("a preview");
    let rule = &preview.rules[0];
    assert_eq!(answer.decision, Decision::Previewed);
    assert_eq!(
        (rule.before.as_str(), rule.after.as_str()),
        ("blue", "green")
    );
    assert!(!preview.flip_back.possible, "{preview:?}");
}
