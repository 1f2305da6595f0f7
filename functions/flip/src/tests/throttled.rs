//! A flip back in a busy account, on a clock that runs ahead while everybody waits.

use super::{alarm, invoke_within, modifies, reads, record, rule_forwards_to, saves, targets_are};
use crate::answer::{Answer, Decision};
use crate::clients::tests::THROTTLED;
use aws_sdk_elasticloadbalancingv2::Client;
use aws_sdk_elasticloadbalancingv2::operation::modify_rule::ModifyRuleOutput;
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum::Healthy;
use aws_smithy_mocks::{Rule, mock};
use chrono::{TimeDelta, Utc};
use record::Phase;
use shared::Error;

/// What flip answers to an alarm with this much time until its deadline.
async fn by_alarm(time: TimeDelta, table: &[&Rule], elb: &[&Rule]) -> Result<Answer, Error> {
    invoke_within(time, alarm(Utc::now()), table, elb, &[]).await
}

/// A write that AWS turns away so many times, and then carries out.
pub(super) fn turned_away(times: usize) -> Rule {
    mock!(Client::modify_rule)
        .sequence()
        .http_status(400, Some(THROTTLED.to_owned()))
        .times(times)
        .output(|| ModifyRuleOutput::builder().build())
        .build()
}

/// The record as flip reads it, and the write of the lease.
fn leased() -> [Rule; 2] {
    [reads(record(Phase::Watching)), saves()]
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_turned_away_eleven_times_still_flips_back() {
    let ([watching, saved], ended, modified) = (leased(), saves(), turned_away(11));
    let (healthy, green, blue) = (
        targets_are(vec![Healthy; 2]),
        rule_forwards_to("tg-green"),
        rule_forwards_to("tg-blue"),
    );
    let table = [&watching, &saved, &ended];
    let elb = [&healthy, &green, &modified, &blue];
    let answer = by_alarm(TimeDelta::seconds(15), &table, &elb).await;
    assert_eq!(answer.expect("an answer").decision, Decision::FlippedBack);
    assert_eq!(modified.num_calls(), 12);
}

/// No answer came, so the write may have taken effect: only the next delivery, which has the same lease, writes again.
#[tokio::test(start_paused = true)]
async fn a_write_without_an_answer_is_sent_once_however_much_time_is_left() {
    let [watching, saved] = leased();
    let (healthy, green) = (targets_are(vec![Healthy; 2]), rule_forwards_to("tg-green"));
    let unanswered = mock!(Client::modify_rule)
        .sequence()
        .http_status(503, None)
        .output(|| ModifyRuleOutput::builder().build())
        .build();
    let elb = [&healthy, &green, &unanswered];
    let error = by_alarm(TimeDelta::seconds(15), &[&watching, &saved], &elb).await;
    assert_eq!(error.expect_err("no answer").name(), "AwsUnavailable");
    assert_eq!(unanswered.num_calls(), 1);
}

/// A write may be on its way: nobody else may write before the lease has ended by itself. The table is asked for nothing
/// more, and no rule is written any more.
#[tokio::test(start_paused = true)]
async fn a_flip_back_whose_time_is_up_ends_by_name_and_keeps_its_lease() {
    let ([watching, saved], modified) = (leased(), turned_away(100));
    let (healthy, green, more) = (
        targets_are(vec![Healthy; 2]),
        rule_forwards_to("tg-green"),
        modifies(),
    );
    let elb = [&healthy, &green, &modified, &more];
    let time = TimeDelta::milliseconds(1000);
    let error = by_alarm(time, &[&watching, &saved], &elb).await;
    let error = error.expect_err("no time");
    assert_eq!(error.name(), "AwsUnavailable");
    assert!(
        error.to_string().contains("the time of this function"),
        "{error}"
    );
    let tried = modified.num_calls();
    assert!((1..40).contains(&tried), "{tried} tries");
    assert_eq!((saved.num_calls(), more.num_calls()), (1, 0));
}
