//! From a share of the traffic back to none.

use super::super::{flip_back_task, invoke, reads, rule_forwards_to, saves};
use super::{at_share, healthy, modifies_to, rule_is_split, simple};
use crate::answer::{Answer, Decision};
use aws_sdk_elasticloadbalancingv2::types::Action;
use record::{Phase, Record};

/// The flip back of a release at 10 %, whose rule has this share of green's; what the rule is written to.
async fn flip_back(live: i32, written: Vec<Action>) -> (Answer, usize) {
    flip_back_of(at_share(Phase::Watching, 10, None), live, written).await
}

async fn flip_back_of(record: Record, live: i32, written: Vec<Action>) -> (Answer, usize) {
    let watching = || reads(record.clone());
    let rolling_back = reads(at_share(Phase::RollingBack, 10, None));
    let (first, second, saved, ended) = (watching(), watching(), saves(), saves());
    let (modified, found) = (modifies_to(written), rule_forwards_to("tg-blue"));
    let (blue, live) = (healthy(2), rule_is_split(live));
    let table = [&first, &second, &saved, &rolling_back, &ended];
    let elb = [&blue, &live, &modified, &found];
    let answer = invoke(flip_back_task(), &table, &elb).await;
    (answer.expect("an answer"), modified.num_calls())
}

#[tokio::test]
async fn a_flip_back_gives_a_split_rule_its_own_shape_again() {
    let (answer, written) = flip_back(10, simple("tg-blue")).await;
    assert_eq!((answer.decision, written), (Decision::FlippedBack, 1));
}

#[tokio::test]
async fn a_split_that_a_person_has_made_is_not_flipped_back() {
    let (answer, written) = flip_back(20, simple("tg-blue")).await;
    assert_eq!((answer.decision, written), (Decision::Refused, 0));
    assert!(
        answer.reason.contains("Give one of them all of the weight"),
        "{}",
        answer.reason
    );
}

/// The release passed through 50 % on its way to all of the traffic. Somebody has set 50 % again since it is stable.
#[tokio::test]
async fn a_split_after_the_release_is_a_persons_whatever_its_weights() {
    let stable = at_share(Phase::Stable, 100, Some(50));
    let (answer, written) = flip_back_of(stable, 50, simple("tg-blue")).await;
    assert_eq!((answer.decision, written), (Decision::Refused, 0));
    let says = "splits traffic: blue has weight 50";
    assert!(answer.reason.contains(says), "{}", answer.reason);
}
