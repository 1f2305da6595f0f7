//! The tests of `gate.rs`: what a gate stands before does not happen without an approval, whatever the caller says.

use super::*;
use crate::approval::ApprovalBefore;
use crate::fixtures::people::{approval, before_first_flip, gated, having, opened, taken, word};
use crate::fixtures::{at, begun, execution, id, proven, share, shift, watching_at};
use crate::flip::BeginFlip;
use crate::{Finish, Outcome};

/// The record once the gate was opened at 100 s, and decided at 110 s.
fn decided(record: &Record, before: Before, approved: bool) -> Record {
    let open = opened(record, before);
    let (me, word) = (id("me"), word("ann", 110));
    taken(if approved {
        open.approve(&me, None, &word, at(111))
    } else {
        open.reject(&me, None, &word, at(111))
    })
}

fn refuses(record: &Record, percent: u8) {
    let begin = shift(record, percent, 120);
    let BeginFlip::Refused(refusal) = begin else {
        panic!("not refused: {begin:?}")
    };
    assert!(
        refusal.as_str().contains("does not say that the gate"),
        "{refusal}"
    );
}

/// A record whose release has passed its watch at 10 %, with this policy.
fn passed_at_10(policy: &[ApprovalBefore]) -> Record {
    let passed = having(&watching_at(10), |release| {
        release.passed_share = release.share
    });
    gated(&passed, approval(policy))
}

#[test]
fn no_first_flip_begins_without_its_own_approval() {
    let to = |percent| Before::Flip(share(percent));
    refuses(&before_first_flip(), 10);
    refuses(&decided(&before_first_flip(), to(10), false), 10);
    refuses(&decided(&before_first_flip(), to(10), true), 50);
    begun(shift(&decided(&before_first_flip(), to(10), true), 10, 120));
    let mut of_other = decided(&before_first_flip(), to(10), true);
    of_other.gate.as_mut().expect("a gate").release = id("other");
    refuses(&of_other, 10);
}

#[test]
fn a_larger_share_needs_an_approval_only_where_each_step_does() {
    begun(shift(&passed_at_10(&[ApprovalBefore::Flip]), 50, 120));
    let each_step = passed_at_10(&[ApprovalBefore::EachStep]);
    refuses(&each_step, 50);
    begun(shift(
        &decided(&each_step, Before::Flip(share(50)), true),
        50,
        120,
    ));
    // What is flipped already, and a flip that has begun, need none.
    assert!(matches!(
        shift(&each_step, 10, 120),
        BeginFlip::AlreadyDone(_)
    ));
    let flipping = begun(shift(&proven(), 10, 10));
    let flipping = gated(&flipping, approval(&[ApprovalBefore::EachStep]));
    assert!(shift(&flipping, 10, 40).record().is_some());
}

#[test]
fn a_release_does_not_end_stable_without_its_approval() {
    let watching = gated(&watching_at(100), approval(&[ApprovalBefore::Finish]));
    let finish = |record: &Record, outcome| {
        record.finish(&execution("me"), outcome, &"because".into(), at(120))
    };
    assert!(matches!(
        finish(&watching, Outcome::Stable),
        Finish::Waits(_)
    ));
    assert!(matches!(
        finish(&watching, Outcome::Failed),
        Finish::Finished(_)
    ));
    let rejected = decided(&watching, Before::Finish, false);
    assert!(matches!(
        finish(&rejected, Outcome::Stable),
        Finish::Waits(_)
    ));
    let approved = decided(&watching, Before::Finish, true);
    assert!(matches!(
        finish(&approved, Outcome::Stable),
        Finish::Finished(_)
    ));
    let rolled_back = having(&watching, |release| release.phase = Phase::RolledBack);
    let meanwhile = finish(&rolled_back, Outcome::Stable);
    assert!(
        matches!(meanwhile, Finish::RolledBackMeanwhile(_)),
        "{meanwhile:?}"
    );
}

#[test]
fn a_gate_is_open_as_long_as_somebody_may_decide_it() {
    let open = opened(&before_first_flip(), Before::Flip(share(10)));
    assert!(open.open_gate(at(699)).is_some());
    assert_eq!(open.open_gate(at(700)), None);
    let ended = having(&open, |release| release.phase = Phase::Failed);
    assert_eq!(ended.open_gate(at(110)), None);
    let approved = decided(&before_first_flip(), Before::Flip(share(10)), true);
    assert_eq!(approved.open_gate(at(120)), None);
}

/// A record that a version before this one has written has none of these fields.
#[test]
fn a_release_of_an_earlier_version_has_no_policy() {
    let item: std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue> =
        serde_dynamo::to_item(proven()).expect("an item");
    for name in ["gate", "freeze", "heldBack"] {
        assert!(!item.contains_key(name), "{name}");
    }
    let release = item["release"].as_m().expect("a release");
    for name in [
        "approval",
        "hold",
        "heldSeconds",
        "finished",
        "stop",
        "freezeAfterRollback",
    ] {
        assert!(!release.contains_key(name), "{name}");
    }
    let record: Record = serde_dynamo::from_item(item).expect("a record");
    assert_eq!(record, proven());
}
