//! T2: an alarm flips back only if its ARN is that of one of the stack's own, or of one that the parameter lists, in the
//! function's own account and Region. The latest release flipped to blue.

use crate::case::Case;
use serde_json::{Value, json};

const HERE: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";

/// What an alarm that may not flip back is answered.
const ONLY: &str = "only the stack's alarms and those in RollbackAlarmNames, of this account and Region, flip back";

pub fn cases() -> Vec<Case> {
    let mut cases = own();
    cases.extend(foreign());
    cases.extend(unproven());
    cases.extend(several());
    cases
}

const WHEN: &str = "2099-12-31T10:00:00Z";

/// As CloudWatch invokes a function.
fn direct(name: &str, arn: &str) -> Value {
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": WHEN});
    json!({"source": "aws.cloudwatch", "alarmArn": arn, "alarmData": {"alarmName": name, "state": state}})
}

/// As CloudWatch publishes to a topic.
fn message(name: &str, arn: &str) -> Value {
    let message = json!({"AlarmName": name, "AlarmArn": arn, "NewStateValue": "ALARM",
        "NewStateReason": "14 > 10", "StateChangeTime": WHEN});
    json!({"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}})
}

fn by_sns(records: &[Value]) -> Value {
    json!({ "Records": records })
}

fn by_eventbridge(name: &str, arn: &str) -> Value {
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": WHEN});
    json!({"detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "resources": [arn], "detail": {"alarmName": name, "state": state}})
}

/// An alarm in each form in which one comes.
fn every_form(name: &str, arn: &str) -> [Value; 3] {
    [
        direct(name, arn),
        by_sns(&[message(name, arn)]),
        by_eventbridge(name, arn),
    ]
}

fn case(title: &'static str, payload: Value) -> Case {
    let listed = json!({"parameters/RollbackAlarmNames": "checkout errors,team:slow"});
    Case::new("T2", title).change(listed).calls("flip", payload)
}

fn flips_back(title: &'static str, payload: Value) -> Case {
    case(title, payload)
        .answers(json!({"decision": "flipped-back"}))
        .has(stands("green", "rolled-back"))
}

/// Nothing is written, and nobody has to know why.
fn ignored(title: &'static str, payload: Value) -> Case {
    case(title, payload)
        .answers(json!({"decision": "ignored"}))
        .saying(&[ONLY])
        .has(untouched())
}

/// Lambda delivers it again, and then keeps it in the queue.
fn fails(title: &'static str, payload: Value, words: &'static str) -> Case {
    case(title, payload)
        .fails("InvalidInput")
        .saying(&[words])
        .has(untouched())
}

fn stands(group: &str, phase: &str) -> Value {
    let arn = format!("elb:targetgroup/{group}/1");
    json!({"rules/http/Actions/0/TargetGroupArn": arn, "record/release/phase": phase})
}

fn untouched() -> Value {
    let mut stands = stands("blue", "stable");
    stands["record/version"] = json!(7);
    stands
}

fn own() -> Vec<Case> {
    let mut cases = Vec::new();
    for name in ["shop-blue-5xx", "checkout errors", "team:slow"] {
        let forms = every_form(name, &format!("{HERE}{name}"));
        cases.extend(forms.map(|it| flips_back("an alarm of the stack, or a listed one", it)));
    }
    cases
}

fn foreign() -> Vec<Case> {
    let mut cases = Vec::new();
    for place in [
        "arn:aws:cloudwatch:eu-west-1:999999999999:alarm:",
        "arn:aws:cloudwatch:us-east-1:111122223333:alarm:",
        "arn:aws-cn:cloudwatch:eu-west-1:111122223333:alarm:",
    ] {
        let forms = every_form("shop-blue-5xx", &format!("{place}shop-blue-5xx"));
        cases.extend(forms.map(|it| ignored("an alarm of another account or Region", it)));
    }
    for name in [
        "somebody-elses-alarm",
        "shop-eu-blue-5xx",
        "shop-blue-5xx-2",
        "shop-dead-letters",
        "shop",
    ] {
        let forms = every_form(name, &format!("{HERE}{name}"));
        cases.extend(forms.map(|it| ignored("an alarm of another name", it)));
    }
    let state = json!({"value": "ALARM"});
    let bare = json!({"alarmData": {"alarmName": "somebody-elses-alarm", "state": state}});
    cases.push(ignored("another name alone", bare));
    let flipped_back = json!({"alarmData": {"alarmName": "team:slow", "state": state},
        "alarmArn": format!("{HERE}team:slow")});
    let unlisted =
        Case::new("T2", "a name that is not listed any more").calls("flip", flipped_back);
    let unlisted = unlisted.answers(json!({"decision": "ignored"}));
    cases.push(unlisted.saying(&[ONLY]).has(untouched()));
    cases
}

fn unproven() -> Vec<Case> {
    let state = json!({"value": "ALARM", "reason": "14 > 10", "timestamp": WHEN});
    let without = json!({"alarmData": {"alarmName": "shop-blue-5xx", "state": state}});
    let proof = "expected the ARN of alarm shop-blue-5xx";
    let odd = |title, arn| fails(title, direct("shop-blue-5xx", arn), proof);
    vec![
        fails("the stack's name without an ARN", without, proof),
        odd("an ARN that is none", "shop-blue-5xx"),
        odd(
            "an ARN without an account",
            "arn:aws:cloudwatch:eu-west-1::alarm:shop-blue-5xx",
        ),
        odd(
            "the ARN of a topic",
            "arn:aws:sns:eu-west-1:111122223333:shop-blue-5xx",
        ),
        odd(
            "the ARN of another alarm",
            "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-eu-blue-5xx",
        ),
        fails(
            "another name beside our ARN",
            direct("somebody-elses-alarm", &format!("{HERE}shop-blue-5xx")),
            "expected the ARN of alarm somebody-elses-alarm",
        ),
    ]
}

fn several() -> Vec<Case> {
    let ours = || message("shop-blue-5xx", &format!("{HERE}shop-blue-5xx"));
    let foreign = || message("shop-eu-blue-5xx", &format!("{HERE}shop-eu-blue-5xx"));
    let unproven = || message("shop-blue-5xx", "shop-blue-5xx");
    vec![
        flips_back("ours after a foreign one", by_sns(&[foreign(), ours()])),
        flips_back("ours before a foreign one", by_sns(&[ours(), foreign()])),
        flips_back("ours after an unproven one", by_sns(&[unproven(), ours()])),
        ignored("foreign ones alone", by_sns(&[foreign(), foreign()])),
        fails(
            "an unproven one beside a foreign one",
            by_sns(&[foreign(), unproven()]),
            "expected the ARN of alarm shop-blue-5xx",
        ),
    ]
}
