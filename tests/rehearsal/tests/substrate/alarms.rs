//! Alarms with metric math, as AWS stores and shows them.

use crate::NO_FUNCTIONS;
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::{
    ComparisonOperator, MetricAlarm, MetricDataQuery, MetricDatum, StateValue,
};
use rehearsal::aws::{Aws, plain};
use rehearsal::server::Server;
use rehearsal::stack;
use reqwest::Method;
use serde_json::{Value, json};

/// 5xx responses in per cent, as a template has it.
fn template() -> Value {
    let dimensions = json!([{"Name": "TargetGroup", "Value": "targetgroup/blue/1"}]);
    let stat = |name: &str| {
        json!({"Period": "60", "Stat": "Sum", "Metric":
            {"Namespace": "Shop", "MetricName": name, "Dimensions": dimensions}})
    };
    let metrics = json!([
        {"Id": "errors", "ReturnData": "false", "MetricStat": stat("Errors")},
        {"Id": "requests", "ReturnData": false, "MetricStat": stat("Requests")},
        {"Id": "percent", "Label": "in per cent", "Expression": "IF(errors > 10, 100 * errors / requests, 0)"},
    ]);
    json!({"Resources": {"Errors": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "AlarmName": "errors", "Metrics": metrics, "EvaluationPeriods": 1, "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": ["arn:aws:sns:eu-west-1:1:topic"]}}}})
}

async fn described(aws: &Aws, name: &str) -> Result<MetricAlarm> {
    let call = aws.cloudwatch().describe_alarms().alarm_names(name);
    let found = call.send().await?.metric_alarms.unwrap_or_default();
    found.into_iter().next().context("no alarm")
}

/// Id, expression and `ReturnData`; of a metric its name, period and dimensions.
fn shown(query: &MetricDataQuery) -> String {
    let stat = query.metric_stat().map(|stat| {
        let metric = stat.metric();
        let names = metric.map(|metric| (metric.metric_name(), metric.dimensions().len()));
        (names, stat.period(), stat.stat())
    });
    let (id, expression) = (query.id(), query.expression());
    format!("{id:?} {expression:?} {stat:?} {:?}", query.return_data())
}

/// Given a template with an alarm on metric math
/// When CloudFormation makes it, and a call makes another one like it
/// Then both are shown as they were written, in each protocol, and without a metric of their own.
#[tokio::test(flavor = "multi_thread")]
async fn metric_math_is_kept_and_shown() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000080");
    stack::deploy(&aws, "shop", &template(), &Default::default()).await?;
    let alarm = described(&aws, "errors").await?;
    let stat = |name: &str| format!(r#"Some((Some((Some("{name}"), 1)), Some(60), Some("Sum")))"#);
    let expect = [
        format!(r#"Some("errors") None {} Some(false)"#, stat("Errors")),
        format!(r#"Some("requests") None {} Some(false)"#, stat("Requests")),
        r#"Some("percent") Some("IF(errors > 10, 100 * errors / requests, 0)") None Some(true)"#
            .to_owned(),
    ];
    let found: Vec<_> = alarm.metrics().iter().map(shown).collect();
    assert_eq!(found, expect);
    assert_eq!((alarm.metric_name(), alarm.period()), (None, None));
    assert_eq!(
        (alarm.threshold(), alarm.evaluation_periods()),
        (Some(5.0), Some(1))
    );

    let call = aws.cloudwatch().put_metric_alarm().alarm_name("copy");
    let call = call.set_metrics(alarm.metrics).evaluation_periods(1);
    let above = ComparisonOperator::GreaterThanThreshold;
    call.comparison_operator(above)
        .threshold(5.0)
        .send()
        .await?;
    let copy = described(&aws, "copy").await?;
    assert_eq!(copy.metrics().iter().map(shown).collect::<Vec<_>>(), expect);

    let query = "/?Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=errors";
    let text = plain::request(&aws, "monitoring", Method::GET, query)
        .send()
        .await?
        .text()
        .await?;
    for part in [
        "<AlarmName>errors</AlarmName>",
        "<Expression>IF(errors &gt; 10, 100 * errors / requests, 0)</Expression><ReturnData>true</ReturnData>",
        "<Period>60</Period>",
        "<AlarmActions><member>arn:aws:sns:eu-west-1:1:topic</member></AlarmActions>",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("copy"), "{text}");
    Ok(())
}

/// Given such an alarm
/// When its metrics are far above the threshold, and when somebody sets its state
/// Then it stays as it is, and then goes off.
#[tokio::test(flavor = "multi_thread")]
async fn metric_math_is_never_evaluated() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000081");
    stack::deploy(&aws, "shop", &template(), &Default::default()).await?;
    let cloudwatch = aws.cloudwatch();
    for name in ["Errors", "Requests"] {
        let point = MetricDatum::builder().metric_name(name).value(1000.0);
        let call = cloudwatch.put_metric_data().namespace("Shop");
        call.metric_data(point.build()).send().await?;
    }
    let state = described(&aws, "errors").await?.state_value;
    assert_eq!(state, Some(StateValue::InsufficientData));
    let call = cloudwatch.set_alarm_state().alarm_name("errors");
    let call = call.state_value(StateValue::Alarm).state_reason("a test");
    call.send().await?;
    let alarm = described(&aws, "errors").await?;
    assert_eq!(
        (alarm.state_value(), alarm.state_reason()),
        (Some(&StateValue::Alarm), Some("a test"))
    );
    assert_eq!(alarm.metrics().len(), 3);
    Ok(())
}
