//! What is not done at once: something of the execution is at work, the record changed meanwhile, or AWS stands in the way.

use super::super::shares::at_share;
use super::super::{reads, record, rule_forwards_to, saves, targets_are};
use super::{aborted, closes, end_stopped, unknown};
use crate::answer::{Answer, Decision};
use aws_sdk_elasticloadbalancingv2::types::TargetHealthStateEnum as State;
use aws_smithy_mocks::Rule;
use chrono::{TimeDelta, Utc};
use record::{Lease, Phase, Record};
use shared::{Error, WhenStopped};

#[tokio::test]
async fn the_last_task_of_the_execution_is_waited_for() {
    let (read, again, saved) = (
        reads(record(Phase::Deploying)),
        reads(record(Phase::Deploying)),
        saves(),
    );
    let table = [&read, &again, &saved];
    let error = end_stopped(WhenStopped::FlipBack, &[&aborted(0)], &table, &[]).await;
    assert_eq!(error.expect_err("too early").name(), "LeaseHeld");
    let lease = Lease {
        owner: "arn:r1".into(),
        until: Utc::now() + TimeDelta::seconds(20),
        retried: false,
    };
    let flipping = || {
        reads(Record {
            lease: Some(lease.clone()),
            ..record(Phase::Flipping)
        })
    };
    let table = [&flipping(), &flipping()];
    let error = end_stopped(WhenStopped::FlipBack, &[&aborted(0)], &table, &[]).await;
    assert_eq!(error.expect_err("a lease").name(), "LeaseHeld");
    assert_eq!(saved.num_calls(), 0);
}

/// The dead execution's last flip began after the first look at the record, and has ended since.
#[tokio::test]
async fn a_release_that_flipped_meanwhile_is_not_closed() {
    let flipped = Record {
        version: 3,
        ..record(Phase::Watching)
    };
    let (deploying, watching, saved) = (reads(record(Phase::Deploying)), reads(flipped), saves());
    let table = [&deploying, &watching, &saved];
    let error = end_stopped(WhenStopped::FlipBack, &[&aborted(1)], &table, &[]).await;
    assert_eq!(
        error.expect_err("another record").name(),
        "RecordContention"
    );
    assert_eq!(saved.num_calls(), 0);
}

/// Blue has no healthy target: the flip back after this end of the execution.
async fn refused(execution: Rule) -> (Result<Answer, Error>, usize) {
    let watching = || reads(record(Phase::Watching));
    let (loaded, first, second, again) = (watching(), watching(), watching(), watching());
    let closed = closes();
    let table = [&loaded, &first, &second, &again, &closed];
    let (sick, live) = (
        targets_are(vec![State::Unhealthy]),
        rule_forwards_to("tg-green"),
    );
    let answer = end_stopped(
        WhenStopped::FlipBack,
        &[&execution],
        &table,
        &[&sick, &live],
    )
    .await;
    (answer, closed.num_calls())
}

#[tokio::test]
async fn a_refused_flip_back_is_an_error_for_ten_minutes_and_then_the_end() {
    for minutes in [0, 9] {
        let (answer, closed) = refused(aborted(minutes)).await;
        let error = answer.expect_err("refused");
        assert_eq!((error.name(), closed), ("FlipBackRefused", 0));
        assert!(
            error.to_string().contains("blue has no healthy target"),
            "{error}"
        );
    }
    let (answer, closed) = refused(aborted(10)).await;
    assert_eq!(
        (answer.expect("an answer").decision, closed),
        (Decision::Refused, 1)
    );
}

/// When it ended is not known, and so neither whether anybody was told.
#[tokio::test]
async fn a_refused_flip_back_of_an_execution_that_is_not_known_any_more_is_an_error_always() {
    let (answer, closed) = refused(unknown()).await;
    let error = answer.expect_err("refused");
    assert_eq!((error.name(), closed), ("FlipBackRefused", 0));
    let says = "With the parameter WhenStopped set to leave, traffic stays";
    assert!(error.to_string().contains(says), "{error}");
}

/// deploy may be scaling green for the next share: it is flipped back at once, and closed later. The first try ends in an
/// error, so it is the second one that tells of both.
#[tokio::test]
async fn a_share_is_flipped_back_at_once_and_closed_and_told_when_nothing_is_at_work() {
    let rolled_back = || {
        let mut record = at_share(Phase::RolledBack, 10, None);
        let release = record.release.as_mut().expect("a release");
        release.reason = Some("execution arn:r1 was ABORTED: flipped back".to_owned());
        reads(record)
    };
    let closed = closes();
    let early = [&rolled_back(), &rolled_back(), &closed];
    let error = end_stopped(WhenStopped::FlipBack, &[&aborted(0)], &early, &[]).await;
    assert_eq!(
        (error.expect_err("too early").name(), closed.num_calls()),
        ("LeaseHeld", 0)
    );
    let late = [&rolled_back(), &rolled_back(), &closed];
    let answer = end_stopped(WhenStopped::FlipBack, &[&aborted(1)], &late, &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, closed.num_calls()),
        (Decision::FlippedBack, 1)
    );
    let notice = answer.notice.expect("a notice");
    assert!(
        notice.title.contains("traffic was flipped back to blue"),
        "{notice:?}"
    );
    assert_eq!(notice.text, "execution arn:r1 was ABORTED: flipped back");
}

/// Another try has flipped back since this one looked.
#[tokio::test]
async fn a_flip_back_that_another_try_has_made_is_told_by_the_one_that_closes_the_record() {
    let rolled_back = || reads(record(Phase::RolledBack));
    let (watching, began, again) = (reads(record(Phase::Watching)), rolled_back(), rolled_back());
    let closed = closes();
    let table = [&watching, &began, &again, &closed];
    let answer = end_stopped(WhenStopped::FlipBack, &[&aborted(1)], &table, &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, closed.num_calls()),
        (Decision::FlippedBack, 1)
    );
    assert!(answer.notice.is_some());
    let free = Record {
        holder: None,
        ..record(Phase::RolledBack)
    };
    let (watching, began, gone) = (reads(record(Phase::Watching)), rolled_back(), reads(free));
    let table = [&watching, &began, &gone];
    let answer = end_stopped(WhenStopped::FlipBack, &[&aborted(1)], &table, &[]).await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.decision, answer.notice),
        (Decision::AlreadyFlippedBack, None)
    );
}
