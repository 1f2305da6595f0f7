//! Whether Lambda lets an alarm, or a rule of EventBridge, invoke a function: it asks the function's policy, and the local
//! one asks nobody.

use anyhow::{Context, Result};
use iam::Statement;
use serde_json::Value;

/// Who invokes a function for an alarm.
const ALARMS: &str = "lambda.alarms.cloudwatch.amazonaws.com";

/// Who invokes it for a rule of EventBridge.
const EVENTS: &str = "events.amazonaws.com";

/// Whether a statement of the function's policy admits this alarm, or this rule, by its ARN.
///
/// # Errors
/// The policy has no statements, or one that is not understood.
pub(super) fn admits(policy: &Value, function: &str, arn: &str) -> Result<bool> {
    let mut parts = arn.split(':').skip(2);
    let principal = match parts.next() {
        Some("events") => EVENTS,
        _ => ALARMS,
    };
    let account = parts.nth(1).context("an ARN with its account")?;
    let source = [("AWS:SourceArn", arn), ("AWS:SourceAccount", account)];
    let source = source.map(|(key, value)| (key.to_owned(), value.to_owned()));
    let statements = policy["Statement"].as_array().context("no statements")?;
    for statement in statements {
        if statement["Principal"]["Service"] != principal {
            continue;
        }
        let mut statement = statement.clone();
        let fields = statement.as_object_mut().context("no statement")?;
        fields.retain(|name, _| !["Sid", "Principal"].contains(&name.as_str()));
        let statement = Statement::read(&statement)?;
        if statement.allows
            && statement.fits("lambda:InvokeFunction", function, &source.clone().into())
        {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FUNCTION: &str = "arn:aws:lambda:eu-west-1:111122223333:function:shop-Flip";

    /// A policy as `AddPermission` writes it, for an alarm of this ARN.
    fn policy(principal: &str, source: &str) -> Value {
        json!({"Version": "2012-10-17", "Statement": [{
            "Sid": "shop-BlueErrorsMayFlip-1", "Effect": "Allow", "Principal": {"Service": principal},
            "Action": "lambda:InvokeFunction", "Resource": FUNCTION,
            "Condition": {"ArnLike": {"AWS:SourceArn": source},
                "StringEquals": {"AWS:SourceAccount": "111122223333"}},
        }]})
    }

    fn alarm(name: &str) -> String {
        format!("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}")
    }

    #[test]
    fn an_alarm_is_admitted_by_its_own_arn_alone() {
        let own = alarm("shop-blue-5xx");
        let policy = policy(ALARMS, &own);
        let admits = |alarm: &str| admits(&policy, FUNCTION, alarm).expect("a policy");
        assert!(admits(&own));
        assert!(!admits(&alarm("shop-eu-blue-5xx")));
        assert!(!admits(&own.replace("111122223333", "999999999999")));
        assert!(!admits(&own.replace("eu-west-1", "us-east-1")));
    }

    #[test]
    fn a_permission_of_another_service_or_for_another_function_admits_no_alarm() {
        let own = alarm("shop-blue-5xx");
        let of_sns = policy("sns.amazonaws.com", &own);
        assert!(!admits(&of_sns, FUNCTION, &own).expect("a policy"));
        let other = policy(ALARMS, &own);
        assert!(!admits(&other, &format!("{FUNCTION}2"), &own).expect("a policy"));
        assert!(admits(&json!({}), FUNCTION, &own).is_err());
    }

    #[test]
    fn a_rule_is_admitted_by_its_own_arn_alone() {
        let own = "arn:aws:events:eu-west-1:111122223333:rule/shop-StoppedSchedule";
        let admits = |principal: &str, rule: &str| {
            admits(&policy(principal, own), FUNCTION, rule).expect("a policy")
        };
        assert!(admits(EVENTS, own));
        assert!(!admits(EVENTS, &format!("{own}-2")));
        assert!(!admits(ALARMS, own));
    }
}
