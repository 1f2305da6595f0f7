//! The tests of `stop.rs`.

use super::*;
use crate::fixtures::people::{having, refused, taken, taken_before, word};
use crate::fixtures::{
    at, begun, contracting, execution, id, owner, proven, share, shift, watching_at,
};
use crate::phase::Phase;
use crate::{BeginFlip, CloseStopped, Finish, FlipBackCause, Outcome, PassStep};

fn stop(record: &Record, by: &str) -> Decided {
    record.stop(&id("me"), &word(by, 20))
}

#[test]
fn a_release_can_be_stopped_in_every_phase_before_its_end() {
    for phase in [
        Phase::Deploying,
        Phase::Flipping,
        Phase::Watching,
        Phase::RollingBack,
    ] {
        let record = having(&watching_at(10), |release| release.phase = phase);
        let stopped = taken(stop(&record, "ann"));
        taken_before(&stop(&stopped, "ann"), "ann");
        taken_before(&stop(&stopped, "bob"), "ann");
        let ended = Record {
            holder: None,
            ..having(&stopped, |release| release.phase = Phase::RolledBack)
        };
        taken_before(&stop(&ended, "ann"), "ann");
    }
    for phase in [Phase::Stable, Phase::RolledBack, Phase::Failed] {
        let record = having(&watching_at(10), |release| release.phase = phase);
        refused(&stop(&record, "ann"), "has ended");
    }
}

#[test]
fn only_the_release_that_is_named_is_stopped() {
    refused(
        &watching_at(10).stop(&id("other"), &word("ann", 20)),
        "not of release other",
    );
    refused(&stop(&Record::default(), "ann"), "no release is recorded");
    let left = Record {
        holder: None,
        ..watching_at(10)
    };
    refused(&stop(&left, "ann"), "has ended: it is watching");
    // A contract step holds the record after the release `live` has ended.
    refused(
        &contracting().stop(&id("live"), &word("ann", 20)),
        "has ended: it is stable",
    );
    let sync = having(&proven(), |release| release.sync = true);
    refused(&stop(&sync, "ann"), "is a sync");
}

#[test]
fn a_stopped_release_goes_no_step_forward() {
    let refuses = |record: &Record, percent| {
        let stopped = taken(stop(record, "ann"));
        let flip = shift(&stopped, percent, 50);
        assert!(
            matches!(&flip, BeginFlip::Refused(it) if it.as_str().contains("was stopped by ann"))
        );
    };
    refuses(&proven(), 10);
    refuses(&begun(shift(&proven(), 10, 10)), 10);
    let passed = having(&watching_at(10), |it| it.passed_share = it.share);
    refuses(&passed, 50);
    let stopped = taken(stop(&watching_at(10), "ann"));
    let pass = stopped.pass_step(&id("me"), &execution("me"), share(10), at(50));
    assert!(matches!(pass, PassStep::Refused(_)));
    let stopped = taken(stop(&watching_at(100), "ann"));
    let finish = stopped.finish(&execution("me"), Outcome::Stable, &"x".into(), at(50));
    assert_eq!(finish, Finish::NotHolder(Some(Phase::Watching)));
}

#[test]
fn a_stopped_release_is_flipped_back_and_counts_against_its_build() {
    let stopped = taken(stop(&watching_at(10), "ann"));
    let reason = stopped.release.as_ref().and_then(Release::stop_reason);
    let reason = reason.expect("a reason");
    assert_eq!(reason.error_name(), Some("StopRequested"));
    let cause = FlipBackCause::Stopped(execution("me"));
    let back = stopped.begin_flip_back(&owner("news"), &cause, &reason, at(50), at(70));
    let back = begun(back)
        .end_flip_back(&owner("news"), &id("me"))
        .expect("flipped back");
    let closed = back.close_stopped(&execution("me"), Some(at(20)), &reason, at(60));
    let CloseStopped::Closed(closed) = closed else {
        panic!("not closed: {closed:?}")
    };
    let release = closed.release.expect("a release");
    assert_eq!((closed.holder, release.phase), (None, Phase::RolledBack));
    let said = release.reason.expect("a reason");
    assert!(said.contains("was stopped by ann: because"), "{said}");
    assert_eq!(closed.ends.len(), 1);
}
