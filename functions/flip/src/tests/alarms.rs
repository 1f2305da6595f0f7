//! What flip does about alarms that are not its own, or that do not prove to be, alone and beside one of its own.

use super::{invoke, modifies, reads, record, rule_forwards_to, saves, targets_are};
use crate::answer::{Answer, Decision};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum;
use chrono::{TimeDelta, Utc};
use record::Phase;
use serde_json::{Value, json};
use shared::Error;

const HERE: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";
const ELSEWHERE: &str = "arn:aws:cloudwatch:eu-west-1:999999999999:alarm:";

/// A record of SNS around an alarm of this ARN that is in this state.
fn by_sns(arn: &str, state: &str) -> Value {
    let name = arn.rsplit(':').next();
    let message = json!({"AlarmName": name, "AlarmArn": arn, "NewStateValue": state,
        "StateChangeTime": Utc::now().to_rfc3339()});
    json!({"Sns": {"Message": message.to_string()}})
}

fn ours(state: &str) -> Value {
    by_sns(&format!("{HERE}shop-green-5xx"), state)
}

fn foreign() -> Value {
    by_sns(&format!("{ELSEWHERE}shop-green-5xx"), "ALARM")
}

fn without_arn() -> Value {
    json!({"Sns": {"Message": {"AlarmName": "shop-green-5xx", "NewStateValue": "ALARM"}}})
}

/// The answer to SNS's records. A call of AWS that is not mocked fails the test.
async fn without_a_call(records: &[Value]) -> Result<Answer, Error> {
    invoke(json!({ "Records": records }), &[], &[]).await
}

#[tokio::test]
async fn a_foreign_alarm_is_ignored_before_anything_is_asked() {
    let at = Utc::now() + TimeDelta::seconds(1);
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": at.to_rfc3339()});
    let arn = format!("{ELSEWHERE}shop-green-5xx");
    for payload in [
        json!({"alarmArn": arn, "alarmData": {"alarmName": "shop-green-5xx", "state": state}}),
        json!({"resources": [arn], "detail": {"alarmName": "shop-green-5xx", "state": state}}),
        json!({"alarmData": {"alarmName": "somebody-elses-alarm", "state": state}}),
        json!({"Records": [foreign(), foreign()]}),
    ] {
        let answer = invoke(payload, &[], &[]).await.expect("an answer");
        assert_eq!(answer.decision, Decision::Ignored);
        let only = "only the stack's alarms and those in RollbackAlarmNames, of this account and Region, flip back";
        assert!(answer.reason.ends_with(only), "{}", answer.reason);
    }
}

#[tokio::test]
async fn an_alarm_that_does_not_prove_itself_is_an_error() {
    for records in [vec![without_arn()], vec![foreign(), without_arn()]] {
        let error = without_a_call(&records).await.expect_err("no proof");
        assert_eq!(error.name(), "InvalidInput");
    }
}

#[tokio::test]
async fn one_that_cannot_be_read_is_an_error_unless_one_of_ours_flips_back() {
    let ok = [without_arn(), ours("OK")];
    let error = without_a_call(&ok).await.expect_err("it may be on");
    assert_eq!(error.name(), "InvalidInput");
    let ok = [foreign(), ours("OK")];
    let answer = without_a_call(&ok).await.expect("an answer");
    assert_eq!(answer.decision, Decision::Ignored);
    assert!(
        answer.reason.contains("shop-green-5xx is OK"),
        "{}",
        answer.reason
    );
}

#[tokio::test]
async fn neither_foreign_nor_unreadable_alarms_stop_one_of_ours() {
    let (watching, lease, ended) = (reads(record(Phase::Watching)), saves(), saves());
    let healthy = targets_are(vec![TargetHealthStateEnum::Healthy; 2]);
    let (green, modified, blue) = (
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let records = json!([foreign(), without_arn(), ours("ALARM"), foreign()]);
    let records = json!({ "Records": records });
    let table = [&watching, &lease, &ended];
    let answer = invoke(records, &table, &[&healthy, &green, &modified, &blue]).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, modified.num_calls()),
        (Decision::FlippedBack, 1)
    );
}
