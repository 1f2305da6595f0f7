//! The tests of `share.rs`, and of the flips that it allows.

use super::*;
use crate::end_flip::EndFlip;
use crate::fixtures::{
    at, begun, deploying, ended, execution, forwards, id, proven, share, shift, watching_at,
};
use crate::flip::BeginFlip;
use shared::{LeaseOwner, Traffic};

fn pass(record: &Record, percent: u8) -> PassStep {
    record.pass_step(&id("me"), &execution("me"), share(percent), at(50))
}

/// A record whose release `me` is watched at a share that has passed.
fn passed_at(percent: u8) -> Record {
    let passed = pass(&watching_at(percent), percent);
    passed.record().expect("a record to write")
}

fn release_of(record: &Record) -> &Release {
    record.release.as_ref().expect("a release")
}

#[track_caller]
fn refused(begin: &BeginFlip, words: &str) {
    let says = matches!(begin, BeginFlip::Refused(refusal) if refusal.as_str().contains(words));
    assert!(says, "{begin:?}");
}

#[track_caller]
fn not_passed(record: &Record, percent: u8, words: &str) {
    let answer = pass(record, percent);
    let says = matches!(&answer, PassStep::Refused(refusal) if refusal.as_str().contains(words));
    assert!(says, "{answer:?}");
    assert_eq!(answer.record(), None);
}

#[test]
fn a_release_gets_a_share_and_after_its_watch_a_larger_one() {
    let tenth = watching_at(10);
    let half = begun(shift(&passed_at(10), 50, 400));
    let release = release_of(&half);
    assert_eq!(release.phase, Phase::Flipping);
    let shares = |it: &Release| (it.share, it.share_since, it.passed_share);
    assert_eq!(
        shares(release_of(&tenth)),
        (Some(share(10)), Some(at(10)), None)
    );
    assert_eq!(
        shares(release),
        (Some(share(50)), Some(at(400)), Some(share(10)))
    );
    // What belongs to the release stays: alarms of its first share are its own, and its rules were found once.
    assert_eq!(release.flipped_at, Some(at(10)));
    assert_eq!(release.original_forwards, forwards("rule-at-10"));
}

#[test]
fn the_phase_and_the_share_say_where_traffic_belongs() {
    let expected = |record: &Record| release_of(record).expected_traffic();
    let (blue, green) = (release_of(&deploying()).from, release_of(&deploying()).to);
    assert_eq!(expected(&deploying()), Traffic::all(blue));
    let tenth = Traffic {
        to: green,
        share: share(10),
    };
    assert_eq!(expected(&begun(shift(&proven(), 10, 10))), tenth);
    assert_eq!(expected(&watching_at(10)), tenth);
    assert_eq!(expected(&passed_at(10)), tenth);
    let all = begun(shift(&passed_at(10), 100, 400));
    assert_eq!(expected(&all), Traffic::all(green));
    for phase in [Phase::RollingBack, Phase::RolledBack] {
        assert_eq!(expected(&all.with_phase(phase)), Traffic::all(blue));
    }
}

#[test]
fn a_split_is_the_releases_own_only_while_its_traffic_is_not_there_for_good() {
    let half = begun(shift(&passed_at(10), 50, 400));
    for phase in [Phase::Flipping, Phase::Watching, Phase::RollingBack] {
        let shares = release_of(&half.with_phase(phase)).splits().shares;
        assert_eq!(shares, [Some(share(50)), Some(share(10))], "{phase}");
    }
    for phase in [Phase::Stable, Phase::RolledBack, Phase::Failed] {
        let shares = release_of(&half.with_phase(phase)).splits().shares;
        assert_eq!(shares, [None, None], "{phase}");
    }
}

#[test]
fn a_share_grows_only_where_the_record_says_that_the_one_before_has_passed() {
    refused(
        &shift(&watching_at(10), 50, 400),
        "does not say that release me passed its watch at 10 %",
    );
    let half = ended(&begun(shift(&passed_at(10), 50, 400)), 50);
    refused(&shift(&half, 100, 800), "passed its watch at 50 %");
    refused(&shift(&half, 10, 800), "expected more, found 10 %");
    let again = shift(&half, 50, 800);
    assert!(matches!(&again, BeginFlip::AlreadyDone(it) if it.share == Some(share(50))));
}

#[test]
fn a_flip_that_has_begun_goes_on_with_its_share_only() {
    let flipping = begun(shift(&proven(), 10, 10));
    refused(
        &shift(&flipping, 50, 12),
        "is flipping to 10 % of the traffic, not to 50 %",
    );
    let retried = begun(shift(&flipping, 10, 12));
    let release = release_of(&retried);
    assert_eq!(release, release_of(&flipping));
    assert_eq!(release.original_forwards, forwards("rule-at-10"));
}

/// A try of the flip before may have a write on its way, even where it is one of the same execution.
#[test]
fn a_larger_share_waits_for_the_tries_of_the_one_before() {
    let retried = begun(shift(&begun(shift(&proven(), 10, 10)), 10, 12));
    let watching = ended(&retried, 10);
    let passed = pass(&watching, 10).record().expect("a record to write");
    assert_eq!(
        shift(&passed, 50, 31),
        BeginFlip::LeaseHeld { until: at(32) }
    );
    begun(shift(&passed, 50, 32));
}

#[test]
fn the_end_of_a_flip_to_another_share_is_overtaken() {
    let owner = LeaseOwner::from(&execution("me"));
    let half = begun(shift(&passed_at(10), 50, 400));
    for record in [&half, &ended(&half, 50)] {
        let late = record.end_flip(&owner, &id("me"), share(10));
        assert_eq!(late, EndFlip::Overtaken(release_of(record).clone()));
    }
}

#[test]
fn a_release_that_gets_all_of_the_traffic_at_once_has_no_forwards_to_remember() {
    let all = begun(shift(&proven(), 100, 10));
    let release = release_of(&all);
    assert_eq!(release.share, Some(Share::ALL));
    assert_eq!(release.original_forwards, []);
}

#[test]
fn a_step_passes_once_and_only_while_it_is_watched() {
    let passed = passed_at(10);
    assert_eq!(release_of(&passed).passed_share, Some(share(10)));
    assert_eq!(pass(&passed, 10), PassStep::AlreadyRecorded);
    let flipping = begun(shift(&passed, 50, 400));
    assert_eq!(pass(&flipping, 10), PassStep::AlreadyRecorded);
    not_passed(&flipping, 50, "is flipping, so no share");
    let half = ended(&flipping, 50);
    not_passed(&half, 100, "has 50 % of the traffic, not 100 %");
    not_passed(&watching_at(100), 100, "no step follows");
    not_passed(
        &watching_at(10).with_phase(Phase::RolledBack),
        10,
        "rolled back",
    );
    not_passed(&passed.with_phase(Phase::RollingBack), 10, "rolling back");
}

#[test]
fn only_the_holder_says_that_its_step_has_passed() {
    let check = |release: &str, by: &str, words: &str| {
        let answer = watching_at(10).pass_step(&id(release), &execution(by), share(10), at(50));
        let says = matches!(&answer, PassStep::Refused(it) if it.as_str().contains(words));
        assert!(says, "{answer:?}");
    };
    check("me", "other", "does not hold the record");
    check("older", "me", "does not speak of release older");
}

/// A release of a version that kept no share has all of the traffic from its flip on.
#[test]
fn a_record_without_a_share_is_one_of_all_of_the_traffic() {
    let watching = Record::test("me", Phase::Watching);
    assert!(matches!(
        shift(&watching, 100, 400),
        BeginFlip::AlreadyDone(_)
    ));
    refused(&shift(&watching, 50, 400), "never shrinks");
    not_passed(&watching, 100, "no step follows");
    let flipping = Record::test("me", Phase::Flipping);
    assert_eq!(
        release_of(&begun(shift(&flipping, 100, 400))),
        release_of(&flipping)
    );
}
