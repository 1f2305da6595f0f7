//! What a look asks AWS for, and what it remembers of it.

use super::*;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::DescribeRulesError;
use aws_smithy_mocks::Rule;

/// Counts what a look reads.
struct Counted {
    evaluate: Evaluate,
    rules: Rule,
    alarms: Rule,
    metrics: Rule,
}

/// The rules cannot be read, the targets are healthy, the alarms OK.
fn counted() -> Counted {
    let rules = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_rules).then_error(|| {
        let throttled = ErrorMetadata::builder().code("Throttling").build();
        DescribeRulesError::generic(throttled)
    });
    let health = mock!(aws_sdk_elasticloadbalancingv2::Client::describe_target_health)
        .then_output(|| DescribeTargetHealthOutput::builder().build());
    let alarms = mock!(aws_sdk_cloudwatch::Client::describe_alarms).then_output(|| {
        let own = MetricAlarm::builder().alarm_name("shop-green-5xx");
        let own = own.state_value(StateValue::Ok).build();
        DescribeAlarmsOutput::builder().metric_alarms(own).build()
    });
    let metrics = mock!(aws_sdk_cloudwatch::Client::get_metric_data).then_error(|| {
        let denied = ErrorMetadata::builder().code("AccessDeniedException");
        GetMetricDataError::generic(denied.build())
    });
    let asked = [&alarms, &metrics];
    let evaluate = Evaluate {
        elb: mock_client!(
            aws_sdk_elasticloadbalancingv2,
            RuleMode::MatchAny,
            [&rules, &health]
        ),
        cloudwatch: mock_client!(aws_sdk_cloudwatch, RuleMode::MatchAny, asked),
        ..evaluate(StateValue::Ok)
    };
    Counted {
        evaluate,
        rules,
        alarms,
        metrics,
    }
}

/// A look so many seconds after the flip: how often rules, alarms and metrics were asked for, and what is remembered.
async fn look(seconds: i64, last_read: Value) -> ([usize; 3], Value) {
    let counted = counted();
    let flipped_at = Utc::now() - chrono::TimeDelta::seconds(seconds);
    let task = task(json!({"flippedAt": flipped_at, "lastRead": last_read}));
    let answer = json!(counted.evaluate.handle(task).await.expect("an answer"));
    let asked = [&counted.rules, &counted.alarms, &counted.metrics];
    (asked.map(Rule::num_calls), answer["lastRead"].clone())
}

#[tokio::test]
async fn a_machine_that_remembers_nothing_has_everything_read() {
    let (asked, last_read) = look(0, Value::Null).await;
    assert_eq!(asked.map(|it| it > 0), [true; 3]);
    assert!(last_read["alarms"].is_string(), "{last_read}");
    assert_eq!(last_read["rules"], Value::Null, "throttled");
}

#[tokio::test]
async fn a_look_just_after_the_flip_reads_the_targets_alone() {
    let (asked, last_read) = look(0, json!({})).await;
    assert_eq!(asked[..2], [0, 0]);
    assert_eq!(
        last_read,
        json!({"rules": null, "alarms": null, "failing": null})
    );
}

#[tokio::test]
async fn what_could_not_be_read_is_due_again_at_the_next_look() {
    let just_now = Utc::now();
    let (asked, last_read) = look(61, json!({"alarms": just_now})).await;
    assert_eq!(asked.map(|it| it > 0), [true, false, true]);
    assert_eq!(
        last_read,
        json!({"rules": null, "alarms": just_now, "failing": null})
    );
    let (asked, _) = look(120, json!({"rules": just_now, "alarms": just_now})).await;
    assert_eq!(asked.map(|it| it > 0), [true; 3], "the step is over");
}

#[tokio::test]
async fn a_look_remembers_since_when_the_targets_fail() {
    let task = |more: Value| task(json!({"lastRead": more, "failedBefore": true}));
    let evaluate = evaluate(StateValue::Ok);
    let result = json!({"check": "ping", "target": "10.0.0.7:80", "passed": false, "asked": true,
        "expected": "status 200", "found": "status 500", "latencyMs": 3});
    let probe = json!({"targets": {"failing": ["10.0.0.7:80"]}, "results": [result]});
    let since = Utc::now() - chrono::TimeDelta::seconds(9);
    let mut fails = task(json!({"failing": since}));
    fails["probe"] = probe;
    let answer = json!(evaluate.handle(fails.clone()).await.expect("an answer"));
    assert_eq!(answer["decision"], "watch", "{answer}");
    assert_eq!(answer["lastRead"]["failing"], json!(since));
    fails["lastRead"]["failing"] = json!(since - chrono::TimeDelta::seconds(1));
    let answer = json!(evaluate.handle(fails).await.expect("an answer"));
    assert_eq!(answer["decision"], "flip-back", "{answer}");
    let passes = task(json!({"failing": since}));
    let answer = json!(evaluate.handle(passes).await.expect("an answer"));
    assert_eq!(answer["lastRead"]["failing"], Value::Null);
}
