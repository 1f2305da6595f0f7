//! The tests of `ending.rs`.

use super::*;
use crate::finish::Finish;
use crate::fixtures::people::{approval, gated, heed, with_newer};
use crate::fixtures::{
    at, begun, claim, contracting, deploying, execution, flip, id, owner, proven, release, request,
    share, watching_at,
};
use crate::flip_back::FlipBackCause;
use crate::stopped::CloseStopped;
use crate::{Approval, ApprovalBefore, Before, WhenNewerPushed};

/// The phase, whether it is an item beside another one, and how it is counted.
fn ends(before: &Record, after: &Record) -> Option<(Phase, bool, Option<ReleaseEnd>)> {
    Ending::of(before, after).map(|it| (it.release.phase, it.later, it.end))
}

fn finished(record: &Record, outcome: Outcome) -> Record {
    match record.finish(&execution("me"), outcome, &"because".into(), at(50)) {
        Finish::Finished(record) | Finish::RolledBackMeanwhile(record) => record,
        other @ (Finish::NotHolder(_) | Finish::Waits(_)) => panic!("not finished: {other:?}"),
    }
}

/// The record while an alarm flips back, and after that.
fn flipped_back(record: &Record) -> [Record; 2] {
    let cause = FlipBackCause::Release(id("me"));
    let begin = record.begin_flip_back(&owner("op"), &cause, &"errors".into(), at(60), at(80));
    let rolling_back = begun(begin);
    let rolled_back = rolling_back.end_flip_back(&owner("op"), &id("me"));
    [rolling_back, rolled_back.expect("it ends")]
}

#[test]
fn a_release_ends_once_in_one_way() {
    let watching = watching_at(100);
    let stable = finished(&watching, Outcome::Stable);
    let released = Some((Phase::Stable, false, Some(ReleaseEnd::Released)));
    assert_eq!(ends(&watching, &stable), released);
    let failed = finished(&deploying(), Outcome::Failed);
    let expect = Some((Phase::Failed, false, Some(ReleaseEnd::Failed)));
    assert_eq!(ends(&deploying(), &failed), expect);
    let left = finished(&watching, Outcome::Failed);
    let expect = Some((Phase::Watching, false, Some(ReleaseEnd::NotFlippedBack)));
    assert_eq!(ends(&watching, &left), expect);
}

#[test]
fn what_changes_no_end_ends_nothing() {
    let watching = watching_at(10);
    let flipping = begun(flip(&proven(), "me", "me", Some("new"), 10));
    assert_eq!(ends(&proven(), &flipping), None);
    assert_eq!(ends(&watching, &watching), None);
    let stable = finished(&watching_at(100), Outcome::Stable);
    let queued = Record {
        newest: Some(request("next", 90)),
        ..stable.clone()
    };
    assert_eq!(ends(&stable, &queued), None);
    let next = claim(&queued, &release("next"), None, queued.version, 95);
    assert_eq!(ends(&queued, &next.record().expect("claimed")), None);
    assert_eq!(ends(&Record::default(), &deploying()), None);
}

#[test]
fn a_flip_back_by_its_own_execution_is_the_end_of_the_release() {
    let watching = watching_at(100);
    let [rolling_back, rolled_back] = flipped_back(&watching);
    assert_eq!(ends(&watching, &rolling_back), None);
    let expect = Some((Phase::RolledBack, false, Some(ReleaseEnd::RolledBack)));
    assert_eq!(ends(&rolling_back, &rolled_back), expect);
    // It is written once more when its execution ends, and counted no more.
    let ended = finished(&rolled_back, Outcome::RolledBack);
    assert_eq!(
        ends(&rolled_back, &ended),
        Some((Phase::RolledBack, false, None))
    );
}

#[test]
fn a_flip_back_after_the_end_is_an_end_of_its_own() {
    let stable = finished(&watching_at(100), Outcome::Stable);
    let [rolling_back, rolled_back] = flipped_back(&stable);
    assert_eq!(
        ends(&stable, &rolling_back),
        Some((Phase::RollingBack, true, None))
    );
    let expect = Some((Phase::RolledBack, true, Some(ReleaseEnd::RolledBackLater)));
    assert_eq!(ends(&rolling_back, &rolled_back), expect);
}

/// Its execution has given up, and somebody flips back by hand.
#[test]
fn a_flip_back_of_what_was_left_is_an_end_of_its_own() {
    let left = finished(&watching_at(10), Outcome::Failed);
    let [rolling_back, rolled_back] = flipped_back(&left);
    assert_eq!(
        ends(&left, &rolling_back),
        Some((Phase::RollingBack, true, None))
    );
    let expect = Some((Phase::RolledBack, true, Some(ReleaseEnd::RolledBackLater)));
    assert_eq!(ends(&rolling_back, &rolled_back), expect);
}

#[test]
fn a_release_that_its_execution_gives_up_is_counted_once() {
    let cause = FlipBackCause::Release(id("me"));
    let given_up =
        deploying().begin_flip_back(&owner("me"), &cause, &"tasks died".into(), at(19), at(39));
    let closed = given_up.closed().expect("a record to write");
    let expect = Some((Phase::Failed, false, Some(ReleaseEnd::Failed)));
    assert_eq!(ends(&deploying(), &closed), expect);
    let ended = finished(&closed, Outcome::Failed);
    assert_eq!(ends(&closed, &ended), Some((Phase::Failed, false, None)));
}

#[test]
fn a_release_that_a_newer_request_replaces_is_history_and_has_not_failed() {
    let replacing = Approval {
        when_newer_pushed: WhenNewerPushed::Replace,
        ..approval(&[ApprovalBefore::Flip])
    };
    let waits = with_newer(&gated(&proven(), replacing));
    let (replaced, _) = heed(&waits, Some(Before::Flip(share(10))), true, 100);
    let replaced = replaced.expect("an outcome");
    let ended = finished(&replaced, Outcome::Failed);
    assert_eq!(ends(&replaced, &ended), Some((Phase::Failed, false, None)));
    // Its execution has vanished before that.
    let next = claim(
        &replaced,
        &release("newer"),
        Some("me"),
        replaced.version,
        110,
    );
    let claimed = next.record().expect("claimed");
    assert_eq!(
        ends(&replaced, &claimed),
        Some((Phase::Failed, false, None))
    );
}

#[test]
fn a_stopped_release_ends_when_its_record_is_closed() {
    let reason = "me was ABORTED".into();
    let close = deploying().close_stopped(&execution("me"), Some(at(20)), &reason, at(90));
    let CloseStopped::Closed(closed) = close else {
        panic!("not closed: {close:?}")
    };
    let expect = Some((Phase::Failed, false, Some(ReleaseEnd::Failed)));
    assert_eq!(ends(&deploying(), &closed), expect);
}

#[test]
fn a_release_from_which_another_takes_the_record_has_ended_too() {
    let mut before = deploying();
    before.newest = Some(request("next", 90));
    let next = claim(&before, &release("next"), Some("me"), before.version, 95);
    let after = next.record().expect("claimed");
    let ending = Ending::of(&before, &after).expect("an end");
    assert_eq!(
        (ending.release.id.as_str(), ending.release.phase),
        ("me", Phase::Failed)
    );
    assert_eq!(ending.end, Some(ReleaseEnd::Failed));
    let reason = ending.release.reason.as_deref();
    assert!(
        reason.is_some_and(|it| it.starts_with("its execution ended")),
        "{reason:?}"
    );
}

#[test]
fn a_sync_is_history_and_no_release() {
    let mut syncing = deploying();
    syncing.release.as_mut().expect("a release").sync = true;
    for (outcome, phase) in [
        (Outcome::Synced, Phase::Synced),
        (Outcome::Failed, Phase::Failed),
    ] {
        let ended = finished(&syncing, outcome);
        assert_eq!(ends(&syncing, &ended), Some((phase, false, None)));
    }
}

#[test]
fn the_end_of_a_contract_step_is_no_end_of_a_release() {
    let before = contracting();
    let after = finished(&before, Outcome::Contracted);
    assert_eq!(ends(&before, &after), None);
}
