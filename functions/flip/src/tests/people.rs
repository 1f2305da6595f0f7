//! What people have said, and flip heeds: a hold, a stop, and the freeze after a rollback.

use super::shares::{at_share, flip_task};
use super::stopped::{aborted, closes, end_stopped, flips_back};
use super::{
    alarm, invoke, invoke_by_record, modifies, reads, record, rule_forwards_to, saves, targets_are,
};
use crate::answer::Decision as Answered;
use crate::flip_back::freeze_note;
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum as State;
use chrono::{TimeDelta, Utc};
use record::{Decision, Freeze, Hold, Phase, Record, Release};
use shared::{WhenStopped, whole_second};

fn said(by: &str, reason: &str) -> Decision {
    Decision {
        execution: "arn:word".into(),
        by: Some(by.to_owned()),
        reason: reason.to_owned(),
        at: Utc::now() - TimeDelta::seconds(10),
    }
}

/// The record with a change of its release.
fn with(record: Record, change: impl FnOnce(&mut Release)) -> Record {
    let mut record = record;
    change(record.release.as_mut().expect("a release"));
    record
}

fn held(record: Record, minutes: i64) -> Record {
    with(record, |release| {
        release.hold = Some(Hold {
            decision: said("ana", "look at the queue first"),
            until: Utc::now() + TimeDelta::minutes(minutes),
            ended: None,
        });
    })
}

fn stopped(phase: Phase) -> Record {
    with(record(phase), |release| {
        release.stop = Some(said("ana", "the queue grows"));
    })
}

/// Of a release with FreezeAfterRollback.
fn freezing(phase: Phase) -> Record {
    with(record(phase), |release| {
        release.freeze_after_rollback = true;
        release.reason = Some("14 > 10".to_owned());
    })
}

/// The same, which has been flipped back or is being.
fn frozen(phase: Phase) -> Record {
    Record {
        freeze: Some(Freeze {
            decision: said("FreezeAfterRollback", "release r1 is flipped back"),
            until: None,
            ended: None,
        }),
        ..freezing(phase)
    }
}

const FROZEN: &str = "releases are frozen until somebody unfreezes them by FreezeAfterRollback: \
    release r1 is flipped back";

/// Before the first flip, and before a larger share.
#[tokio::test]
async fn no_share_of_a_release_that_is_held_grows() {
    for (record, share) in [
        (record(Phase::Deploying), 10),
        (at_share(Phase::Watching, 10, Some(10)), 50),
    ] {
        let read = reads(held(record, 5));
        let answer = invoke_by_record(share, flip_task(share), &[&read]).await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.decision, Answered::Held);
        let says = "ana: look at the queue first";
        assert!(answer.reason.contains(says), "{}", answer.reason);
    }
}

/// A request to stop it outweighs the parameter.
#[tokio::test]
async fn a_release_that_a_person_stops_is_flipped_back_whatever_when_stopped_says() {
    let answer = flips_back(WhenStopped::Leave, stopped).await;
    let says =
        "release r1 was stopped by ana: the queue grows; what it had flipped was flipped back";
    assert_eq!(answer.reason, says);
}

#[tokio::test]
async fn a_release_that_a_person_stops_before_its_flip_is_only_closed() {
    let deploying = || reads(stopped(Phase::Deploying));
    let (read, again, closed) = (deploying(), deploying(), closes());
    let table = [&read, &again, &closed];
    let answer = end_stopped(WhenStopped::Leave, &[&aborted(1)], &table, &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!((answer.decision, closed.num_calls()), (Answered::Closed, 1));
    let says = "release r1 was stopped by ana: the queue grows; it left nothing to flip back";
    assert_eq!(answer.reason, says);
}

/// Nobody who reads it has another place to learn it from.
#[tokio::test]
async fn the_notice_of_a_flip_back_says_that_releases_are_frozen() {
    let (watching, leased, ended) = (reads(freezing(Phase::Watching)), saves(), saves());
    let table = [&watching, &leased, &ended];
    let (blue, live, modified, back) = (
        targets_are(vec![State::Healthy; 2]),
        rule_forwards_to("tg-green"),
        modifies(),
        rule_forwards_to("tg-blue"),
    );
    let elb = [&blue, &live, &modified, &back];
    let answer = invoke(alarm(Utc::now()), &table, &elb).await;
    let answer = answer.expect("an answer");
    let reason = "alarm shop-green-5xx: 14 > 10";
    let frozen = format!("{FROZEN}: {reason}");
    assert_eq!(answer.warnings, [frozen.as_str()]);
    let notice = answer.notice.expect("a notice");
    assert_eq!(notice.text, format!("{reason}; {frozen}"));
}

/// The first try flipped back, and came too early to close the record.
#[tokio::test]
async fn the_one_that_closes_the_record_says_so_too() {
    let rolled_back = || reads(frozen(Phase::RolledBack));
    let (read, again, closed) = (rolled_back(), rolled_back(), closes());
    let table = [&read, &again, &closed];
    let answer = end_stopped(WhenStopped::FlipBack, &[&aborted(1)], &table, &[]).await;
    let notice = answer.expect("an answer").notice.expect("a notice");
    assert_eq!(notice.text, format!("14 > 10; {FROZEN}"));
}

/// A person's freeze, which began before, may end by itself.
#[test]
fn the_notice_says_who_has_frozen_releases_and_until_when() {
    let mut record = frozen(Phase::RollingBack);
    let now = Utc::now();
    let until = TimeDelta::hours(1);
    record.freeze = Some(Freeze {
        decision: said("ana", "holidays"),
        until: Some(now + until),
        ended: None,
    });
    let note = freeze_note(&record, now).expect("a note");
    let until_then = whole_second(now + until);
    let expect = format!("releases are frozen until {until_then} by ana: holidays");
    assert_eq!(note, expect);
    assert_eq!(freeze_note(&record, now + until), None);
}
