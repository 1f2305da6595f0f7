//! Whatever goes wrong with a rule that follows is a warning, and changes nothing about the answer.

use super::super::{RULE, flip_back_task, modifies, reads, record, rule_forwards_to};
use super::{IDLE, flipped, forwards, invoke_with, writes};
use crate::answer::{Answer, Decision};
use crate::clients::tests::{THROTTLED, patient};
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::describe_rules::{
    DescribeRulesError, DescribeRulesOutput,
};
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::ModifyRuleError;
use aws_sdk_elasticloadbalancingv2::types::error::RuleNotFoundException;
use aws_smithy_mocks::{Rule, mock};
use aws_smithy_types::error::ErrorMetadata;
use record::Phase;

const SECOND: &str = "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shop/1/2/8";

/// The warning says this.
fn warns(answer: &Answer, says: &str) {
    let [warning] = answer.warnings.as_slice() else {
        panic!("{answer:?}")
    };
    assert!(warning.contains(says), "{warning}");
}

/// ELBv2 knows no such rule.
fn gone() -> Rule {
    mock!(Client::describe_rules)
        .match_requests(|input| input.rule_arns() == [IDLE])
        .then_error(|| {
            let meta = ErrorMetadata::builder().code("RuleNotFound").build();
            let error = RuleNotFoundException::builder().meta(meta);
            DescribeRulesError::RuleNotFoundException(error.build())
        })
}

#[tokio::test]
async fn what_aws_refuses_is_a_warning_and_no_error() {
    let denied = mock!(Client::modify_rule).then_error(|| {
        ModifyRuleError::generic(ErrorMetadata::builder().code("AccessDenied").build())
    });
    let (live, found) = (rule_forwards_to("tg-green"), forwards(SECOND, "tg-green"));
    let elb = [&live, &gone(), &found, &denied];
    let answer = flipped(100, &[IDLE, SECOND], &elb).await;
    for says in [
        format!("{IDLE}: elasticloadbalancing:DescribeRules failed: RuleNotFound"),
        format!("{SECOND}: elasticloadbalancing:ModifyRule failed: AccessDenied"),
    ] {
        warns(&answer, &says);
    }
}

#[tokio::test]
async fn a_rule_that_is_gone_keeps_no_other_from_following() {
    let (live, found) = (rule_forwards_to("tg-green"), forwards(SECOND, "tg-green"));
    let (still, there) = (rule_forwards_to("tg-green"), forwards(SECOND, "tg-blue"));
    let (written, first, second) = (writes(SECOND, "tg-blue"), gone(), gone());
    let elb = [&live, &first, &found, &written, &still, &second, &there];
    let answer = flipped(100, &[IDLE, SECOND], &elb).await;
    warns(&answer, IDLE);
    assert_eq!((written.num_calls(), there.num_calls()), (1, 1));
}

#[tokio::test]
async fn a_rule_that_forwards_elsewhere_is_left_alone_with_a_warning() {
    let (live, found, written) = (
        rule_forwards_to("tg-green"),
        forwards(IDLE, "tg-other"),
        modifies(),
    );
    let answer = flipped(100, &[IDLE], &[&live, &found, &written]).await;
    warns(&answer, "which is neither blue's nor green's target group");
    assert_eq!(written.num_calls(), 0);
}

/// A wrong parameter: detect refuses releases with it, and a flip back has to come to its end all the same.
#[tokio::test]
async fn a_rule_that_a_flip_writes_follows_no_flip() {
    let (live, found, written) = (
        rule_forwards_to("tg-green"),
        forwards(IDLE, "tg-blue"),
        modifies(),
    );
    let answer = flipped(100, &[RULE, IDLE], &[&live, &found, &written]).await;
    warns(&answer, &format!("{RULE} is in ListenerRuleArns too"));
    assert_eq!((found.num_calls(), written.num_calls()), (1, 0));
}

/// Somebody has given the service's rule to a third group, so nobody knows which environment is idle.
#[tokio::test]
async fn where_no_environment_is_active_none_follows() {
    let (live, written) = (rule_forwards_to("tg-other"), modifies());
    let answer = flipped(100, &[IDLE], &[&live, &written]).await;
    warns(&answer, &format!("{RULE} forwards to tg-other"));
    assert_eq!(written.num_calls(), 0);
}

/// The flip back was answered, so this is not the error that the function's own deadline gives.
#[tokio::test(start_paused = true)]
async fn an_answer_waits_three_seconds_for_them_and_no_longer() {
    let throttled = mock!(Client::describe_rules)
        .sequence()
        .http_status(400, Some(THROTTLED.to_owned()))
        .times(100)
        .output(|| DescribeRulesOutput::builder().build())
        .build();
    let read = reads(record(Phase::RolledBack));
    let began = tokio::time::Instant::now();
    let answer = invoke_with(&[IDLE], flip_back_task(), &[&read], patient(&[&throttled])).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::AlreadyFlippedBack);
    warns(&answer, "expected all answers of AWS within 3.0s");
    assert!(began.elapsed().as_secs() < 4, "{:?}", began.elapsed());
}
