//! Which alarms are trusted, by every part of an ARN and of a name.

use super::*;

const HERE: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:";

/// Decides for the stack `shop` and its parameter.
fn judge(name: &str, arn: Option<&str>) -> Result<Trust, Refusal> {
    let listed = ["team: slow/p99", "überlast", "shop"].map(str::to_owned);
    let trusted = TrustedAlarms {
        service: "shop",
        listed: &listed,
        function_arn: "arn:aws:lambda:eu-west-1:111122223333:function:shop-Flip",
    };
    trusted.judge(name, arn)
}

/// The event gives the alarm's name and an ARN that ends with it.
fn by_name(name: &str) -> Trust {
    judge(name, Some(&format!("{HERE}{name}"))).expect("an alarm that proves itself")
}

fn is_foreign(trust: &Trust) -> bool {
    let Trust::Foreign(refusal) = trust else {
        return false;
    };
    let only = "only the stack's alarms and those in RollbackAlarmNames, of this account and Region, flip back";
    refusal.as_str().ends_with(only)
}

#[test]
fn the_stacks_alarms_and_the_listed_ones_are_trusted() {
    for name in [
        "shop-blue-5xx",
        "shop-green-5xx",
        "team: slow/p99",
        "überlast",
        "shop",
    ] {
        assert_eq!(by_name(name), Trust::Trusted, "{name}");
    }
}

#[test]
fn a_name_that_is_only_like_one_of_these_is_foreign() {
    for name in [
        "shop-eu-blue-5xx",
        "shop-blue-5xx-2",
        "shop-blue",
        "shop-dead-letters",
        "Shop-blue-5xx",
        "shop-blue-5xx ",
        "*",
        "shop-*",
        "team",
        "team: slow/p99:alarm:shop-blue-5xx",
        "somebody-elses-alarm",
    ] {
        assert!(is_foreign(&by_name(name)), "{name}");
    }
}

#[test]
fn an_alarm_of_another_account_region_or_partition_is_foreign() {
    for place in [
        "arn:aws:cloudwatch:eu-west-1:999999999999",
        "arn:aws:cloudwatch:eu-west-2:111122223333",
        "arn:aws-cn:cloudwatch:eu-west-1:111122223333",
    ] {
        for name in ["shop-blue-5xx", "shop"] {
            let trust = judge(name, Some(&format!("{place}:alarm:{name}")));
            assert!(is_foreign(&trust.expect("a decision")), "{place} {name}");
        }
    }
}

/// What may be one of ours is neither believed nor ignored.
#[test]
fn an_alarm_of_a_trusted_name_without_its_arn_is_an_error() {
    let refused = |arn: Option<&str>, found: &str| {
        let reason = judge("shop-blue-5xx", arn).expect_err("no proof");
        let expect = "expected the ARN of alarm shop-blue-5xx";
        let said = reason.as_str();
        assert!(said.starts_with(expect) && said.contains(found), "{said}");
    };
    refused(None, "found nothing");
    for odd in [
        "arn",
        "shop-blue-5xx",
        "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:",
        "arn:aws:cloudwatch:eu-west-1::alarm:shop-blue-5xx",
        "arn:aws:cloudwatch::111122223333:alarm:shop-blue-5xx",
        "arn:aws:cloudwatch:eu-west-1:111122223333:dashboard:shop-blue-5xx",
        "arn:aws:sns:eu-west-1:111122223333:alarm:shop-blue-5xx",
        "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-eu-blue-5xx",
        "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-blue-5xx:1",
    ] {
        refused(Some(odd), odd);
    }
    let without = judge("shop-eu-blue-5xx", None);
    assert!(is_foreign(&without.expect("a name that nobody trusts")));
}

#[test]
fn another_name_than_the_arns_is_an_error() {
    let arn = format!("{HERE}shop-blue-5xx");
    let reason = judge("somebody-elses-alarm", Some(&arn)).expect_err("two alarms");
    assert!(
        reason.as_str().contains("somebody-elses-alarm, found arn:"),
        "{reason}"
    );
}

#[test]
fn a_function_that_does_not_know_its_own_arn_trusts_nobody() {
    for function_arn in ["", "shop-Flip", "arn:aws:lambda:::function:shop-Flip"] {
        let trusted = TrustedAlarms {
            service: "shop",
            listed: &[],
            function_arn,
        };
        let judged = trusted.judge("shop-blue-5xx", Some(&format!("{HERE}shop-blue-5xx")));
        let reason = judged.expect_err("nothing to compare with");
        assert!(
            reason.as_str().starts_with("expected this function's ARN"),
            "{reason}"
        );
    }
}

#[test]
fn a_function_that_is_called_by_an_alias_has_the_same_place() {
    let trusted = TrustedAlarms {
        service: "shop",
        listed: &[],
        function_arn: "arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:shop-Flip:live",
    };
    let arn = "arn:aws-us-gov:cloudwatch:us-gov-west-1:111122223333:alarm:shop-green-5xx";
    assert_eq!(
        trusted.judge("shop-green-5xx", Some(arn)),
        Ok(Trust::Trusted)
    );
}
