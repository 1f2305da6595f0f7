//! From a share of the traffic back to none.

use super::super::{flip_back_task, invoke, reads, rule_forwards_to, saves};
use super::{at_share, healthy, modifies_to, rule_is_split, simple};
use crate::answer::Decision;
use record::{Phase, Record};

/// A split that is not the release's own is refused: nothing is written, and the record is read again, which must still be
/// the same.
async fn refused(record: Record, live: i32, says: &str) {
    let (first, second) = (reads(record.clone()), reads(record));
    let (blue, live) = (healthy(2), rule_is_split(live));
    let answer = invoke(flip_back_task(), &[&first, &second], &[&blue, &live]).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.decision, Decision::Refused);
    assert!(answer.reason.contains(says), "{}", answer.reason);
}

#[tokio::test]
async fn a_flip_back_gives_a_split_rule_its_own_shape_again() {
    let watching = reads(at_share(Phase::Watching, 10, None));
    let (saved, ended, modified) = (saves(), saves(), modifies_to(simple("tg-blue")));
    let (blue, live, found) = (healthy(2), rule_is_split(10), rule_forwards_to("tg-blue"));
    let table = [&watching, &saved, &ended];
    let answer = invoke(flip_back_task(), &table, &[&blue, &live, &modified, &found]).await;
    let decision = answer.expect("an answer").decision;
    assert_eq!((decision, modified.num_calls()), (Decision::FlippedBack, 1));
}

#[tokio::test]
async fn a_split_that_a_person_has_made_is_not_flipped_back() {
    let watching = at_share(Phase::Watching, 10, None);
    refused(watching, 20, "Give one of them all of the weight").await;
}

/// The release passed through 50 % on its way to all of the traffic. Somebody has set 50 % again since it is stable.
#[tokio::test]
async fn a_split_after_the_release_is_a_persons_whatever_its_weights() {
    let stable = at_share(Phase::Stable, 100, Some(50));
    refused(stable, 50, "splits traffic: blue has weight 50").await;
}
