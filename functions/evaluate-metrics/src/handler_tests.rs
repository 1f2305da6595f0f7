//! The tests of `handler.rs`: what it makes of an AWS that answers, and of one that does not.

use super::*;
use crate::decide::{Decision, Judgement, Verdict};
use crate::targets::TargetSummary;
use aws_sdk_cloudwatch::error::ErrorMetadata;
use aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput;
use aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataError;
use aws_sdk_cloudwatch::types::{MetricAlarm, StateValue};
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesOutput;
use aws_sdk_elasticloadbalancingv2::operation::describe_target_health::DescribeTargetHealthOutput;
use aws_sdk_elasticloadbalancingv2::types as elb;
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;
use serde_json::json;
use shared::alarms::{AlarmPolicy, OnAlarmBeforeFlip, PreFlipDecision};
use shared::routing::Routing;
use shared::{PerEnvironment, Target};

#[path = "handler_tests/looks.rs"]
mod looks;
#[path = "handler_tests/sizes.rs"]
mod sizes;
#[path = "handler_tests/steps.rs"]
mod steps;

/// A load balancer whose rules forward to green, with these healthy targets there.
fn load_balancer(ids: Vec<String>) -> aws_sdk_elasticloadbalancingv2::Client {
    let rules = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules).then_output(|| {
        let forward = elb::Action::builder()
            .r#type(elb::ActionTypeEnum::Forward)
            .target_group_arn("tg-green")
            .build();
        let rule = elb::Rule::builder()
            .rule_arn("rule-1")
            .actions(forward)
            .build();
        DescribeRulesOutput::builder().rules(rule).build()
    });
    let health = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health).then_output(
        move || {
            let healthy = elb::TargetHealth::builder().state(elb::TargetHealthStateEnum::Healthy);
            let healthy = healthy.build();
            let described = ids.iter().map(|id| {
                let target = elb::TargetDescription::builder().id(id).port(80).build();
                let description = elb::TargetHealthDescription::builder().target(target);
                description.target_health(healthy.clone()).build()
            });
            DescribeTargetHealthOutput::builder()
                .set_target_health_descriptions(Some(described.collect()))
                .build()
        },
    );
    let rules = [&rules, &health];
    mock_client!(aws_sdk_elasticloadbalancingv2, RuleMode::MatchAny, rules)
}

/// Green's own alarm is in this state, and every read of metrics fails.
fn cloudwatch(alarm: StateValue) -> aws_sdk_cloudwatch::Client {
    let alarms = mock!(aws_sdk_cloudwatch::Client::describe_alarms).then_output(move || {
        let own = MetricAlarm::builder()
            .alarm_name("shop-green-5xx")
            .state_value(alarm.clone())
            .state_reason("14 > 10")
            .build();
        DescribeAlarmsOutput::builder().metric_alarms(own).build()
    });
    let metrics = mock!(aws_sdk_cloudwatch::Client::get_metric_data).then_error(|| {
        let denied = ErrorMetadata::builder().code("AccessDeniedException");
        GetMetricDataError::generic(denied.build())
    });
    mock_client!(aws_sdk_cloudwatch, RuleMode::MatchAny, [&alarms, &metrics])
}

fn evaluate(alarm: StateValue) -> Evaluate {
    Evaluate {
        cloudwatch: cloudwatch(alarm),
        elb: load_balancer(vec!["10.0.0.7".to_owned()]),
        routing: Routing {
            rule_arns: vec!["rule-1".to_owned()],
            target_groups: PerEnvironment {
                blue: "tg-blue".to_owned(),
                green: "tg-green".to_owned(),
            },
        },
        load_balancer: "arn:aws:x:1:loadbalancer/app/shop/1".to_owned(),
        alarms: AlarmPolicy {
            service: "shop".to_owned(),
            names: Vec::new(),
            on_alarm_before_flip: OnAlarmBeforeFlip::Refuse,
        },
        policy: crate::decide_tests::policy(),
    }
}

fn task(more: Value) -> Value {
    let plan = json!(fixtures::release_plan());
    let flipped_at = Utc::now() - chrono::TimeDelta::seconds(15);
    let mut task =
        json!({"action": "judge", "plan": plan, "flippedAt": flipped_at, "ignoredAlarms": []});
    for (name, value) in more.as_object().into_iter().flatten() {
        task[name] = value.clone();
    }
    task
}

struct Found {
    judgement: Judgement,
    failed: bool,
    targets: Option<Vec<Target>>,
}

async fn verdict(alarm: StateValue, more: Value) -> Found {
    match evaluate(alarm).handle(task(more)).await.expect("an answer") {
        Answer::Verdict {
            judgement,
            failed,
            targets,
            ..
        } => Found {
            judgement,
            failed,
            targets,
        },
        other @ (Answer::PreFlipCheck(_) | Answer::Traffic(_) | Answer::LookBack(_)) => {
            panic!("no verdict: {other:?}")
        }
    }
}

#[tokio::test]
async fn metrics_that_cannot_be_read_leave_the_question_open() {
    let Found {
        judgement: found,
        failed,
        targets,
    } = verdict(StateValue::Ok, json!({})).await;
    assert_eq!(
        (found.verdict, found.decision),
        (Verdict::Inconclusive, Decision::Watch)
    );
    assert!(
        found.reason.contains("cloudwatch:GetMetricData"),
        "{}",
        found.reason
    );
    let target = Target {
        id: "10.0.0.7".to_owned(),
        port: 80,
    };
    assert_eq!(targets, Some(vec![target]));
    let summary = TargetSummary {
        registered: 1,
        healthy: 1,
        asked: 1,
        ..TargetSummary::default()
    };
    assert_eq!((found.numbers.targets, failed), (Some(summary), false));
}

#[tokio::test]
async fn what_two_polls_in_a_row_found_flips_back_without_any_metrics() {
    let result = json!({"check": "ping", "target": "10.0.0.7:80", "passed": false, "asked": true,
        "expected": "status 200", "found": "status 500", "latencyMs": 3});
    let targets = json!({"passing": [], "failing": ["10.0.0.7:80"], "unasked": 0});
    let probe = json!({"passed": false, "reason": "1 of 1 checks failed", "targets": targets, "results": [result]});
    let first = verdict(StateValue::Ok, json!({"probe": probe})).await;
    assert!(first.failed);
    assert_eq!(first.judgement.decision, Decision::Watch);
    let more = json!({"probe": probe, "failedBefore": first.failed});
    let second = verdict(StateValue::Ok, more).await.judgement;
    assert_eq!(second.decision, Decision::FlipBack);
    let reason = "failing targets 1 of 1 asked (1 registered): ping on 10.0.0.7:80";
    assert!(second.reason.starts_with(reason), "{}", second.reason);
    // The hiccup is over.
    let passing = json!({"probe": {"targets": {"passing": ["10.0.0.7:80"]}, "results": []}, "failedBefore": true});
    let over = verdict(StateValue::Ok, passing).await;
    assert!(!over.failed);
    assert_eq!(over.judgement.decision, Decision::Watch);
}

#[tokio::test]
async fn an_alarm_judges_the_release_unless_it_was_on_before_the_flip() {
    let found = verdict(StateValue::Alarm, json!({})).await.judgement;
    assert_eq!(found.decision, Decision::FlipBack);
    assert!(
        found.reason.contains("alarm shop-green-5xx: 14 > 10"),
        "{}",
        found.reason
    );
    let ignored = json!({"ignoredAlarms": ["shop-green-5xx"]});
    let found = verdict(StateValue::Alarm, ignored).await.judgement;
    assert_eq!(found.decision, Decision::Watch);
}

#[tokio::test]
async fn before_the_flip_only_the_alarms_are_read() {
    let task = task(json!({"action": "check-alarms"}));
    let answer = evaluate(StateValue::Alarm).handle(task).await;
    let Ok(Answer::PreFlipCheck(found)) = answer else {
        panic!("no check: {answer:?}");
    };
    assert_eq!(found.decision, PreFlipDecision::Flip);
    assert_eq!(found.ignored, ["shop-green-5xx"]);
}
