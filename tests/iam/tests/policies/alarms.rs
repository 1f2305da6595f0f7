//! Which alarms and rules may invoke flip: each by its own whole ARN, and no other of this account or of another one.

use crate::deployed;
use iam::Deployed;
use serde_json::{Value, json};

const HERE: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";

/// The service that invokes a function for an alarm.
const BY_ALARMS: &str = "lambda.alarms.cloudwatch.amazonaws.com";

/// The rules of EventBridge that have flip look for a stopped release.
const RULES: [&str; 2] = ["shop-ExecutionStopped", "shop-StoppedSchedule"];

/// The names of the stack's own alarms that flip back.
const OWN: [&str; 2] = ["shop-blue-5xx", "shop-green-5xx"];

/// The stack with this value of RollbackAlarmNames.
fn stack(names: &str) -> Deployed {
    let mut stack = deployed().clone();
    let parameter = "RollbackAlarmNames".to_owned();
    stack.parameters.insert(parameter, names.to_owned());
    stack
}

/// The permissions of a stack whose conditions hold, by the ARN that each admits.
fn permissions(stack: &Deployed) -> Vec<Value> {
    let made = stack.made("AWS::Lambda::Permission").expect("permissions");
    let properties = made.iter().map(|(_, it)| stack.value(&it["Properties"]));
    properties.collect::<Result<_, _>>().expect("resolved")
}

/// The stack's own alarms and the listed ones, each once, each alone.
fn check(names: &str, listed: &[&str]) {
    let expect = OWN.iter().chain(listed).map(|name| {
        json!({
            "FunctionName": "shop-Flip",
            "Action": "lambda:InvokeFunction",
            "Principal": BY_ALARMS,
            "SourceAccount": "111122223333",
            "SourceArn": format!("{HERE}{name}"),
        })
    });
    let found = permissions(&stack(names)).into_iter();
    let found: Vec<_> = found.filter(|it| it["Principal"] == BY_ALARMS).collect();
    assert_eq!(found, expect.collect::<Vec<_>>(), "{names}");
}

#[test]
fn the_stacks_alarms_and_those_of_the_parameter_may_invoke_flip() {
    check("", &[]);
    check("checkout errors", &["checkout errors"]);
    check(
        "team:slow,shop-eu-blue-5xx",
        &["team:slow", "shop-eu-blue-5xx"],
    );
    check("a,b,c,d,e", &["a", "b", "c", "d", "e"]);
}

/// The ARN of a rule names its account, and nobody else's rule has it.
#[test]
fn these_two_rules_may_invoke_flip_and_nothing_else_but_alarms() {
    let rule = |name: &str| {
        json!({
            "FunctionName": "shop-Flip",
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
            "SourceArn": format!("arn:aws:events:eu-west-1:111122223333:rule/{name}"),
        })
    };
    let found = permissions(deployed()).into_iter();
    let found: Vec<_> = found.filter(|it| it["Principal"] != BY_ALARMS).collect();
    assert_eq!(found, RULES.map(rule));
}

/// Lambda compares an ARN as IAM's ArnLike does: a star or a question mark would admit alarms of others.
#[test]
fn no_permission_admits_an_alarm_that_is_only_named_like_one() {
    let mut admitted = permissions(deployed()).into_iter();
    let wide = admitted.find(|it| {
        let source = it["SourceArn"].as_str().expect("an ARN");
        let is_rule = RULES
            .iter()
            .any(|it| source.ends_with(&format!(":rule/{it}")));
        source.contains(['*', '?']) || !(source.starts_with(HERE) || is_rule)
    });
    assert_eq!(wide, None);
}
