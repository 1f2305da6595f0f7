//! The tests of `expand.rs`.

use super::*;
use crate::fixtures::{
    NEW, at, claim, execution, expand, flip, id, owner, release, request, stable,
};
use crate::{BeginFlip, Claim, Finish, FlipBackCause, Outcome, Phase};

#[test]
fn an_expanding_release_is_remembered_and_later_ones_are_counted() {
    let mut wanted = release("two");
    wanted.to_digest = "sha256:two".into();
    wanted.expand = Some(Expand {
        proven: false,
        ..expand("two", 0)
    });
    let mut record = Record {
        newest: Some(request("two", 1)),
        ..stable(3)
    };
    record.release = None;
    let Claim::Claimed { record, .. } = claim(&record, &wanted, None, 7, 1) else {
        panic!("not claimed")
    };
    let of = |record: &Record| {
        let all = record.expands.iter();
        all.map(|expand| expand.stable_releases).collect::<Vec<_>>()
    };
    assert_eq!(of(&record), [3, 0]);
    let watching = record.with_phase(Phase::Watching);
    let Finish::Finished(ended) =
        watching.finish(&execution("two"), Outcome::Stable, &"".into(), at(50))
    else {
        panic!("not ended")
    };
    assert_eq!(of(&ended), [4, 0], "its own end does not count for itself");
    assert!(ended.expands[1].proven, "but it proves that it works");
    let cause = FlipBackCause::Release(id("two"));
    let BeginFlip::Begun { record, .. } =
        ended.begin_flip_back(&owner("op"), &cause, &"".into(), at(9), at(20))
    else {
        panic!("not begun")
    };
    assert_eq!(of(&record), [0, 0], "a flip back counts as not stable");
    assert!(!record.expands[1].proven);
}

#[test]
fn only_so_many_expanding_releases_are_remembered_and_one_can_be_named() {
    let mut record = Record::default();
    for number in 0..15 {
        record.remember_expand(Some(expand(&number.to_string(), 0)));
    }
    record.remember_expand(Some(expand("14", 0)));
    assert_eq!(record.expands.len(), REMEMBERED);
    let found = |named: Option<&str>| {
        let expand = record.expanded_by(named.map(id).as_ref());
        expand.map(|expand| expand.release.clone())
    };
    assert_eq!(found(None), Ok(id("14")));
    assert_eq!(found(Some("9")), Ok(id("9")));
    assert!(found(Some("1")).is_err());
    assert!(Record::default().expanded_by(None).is_err());
}

#[test]
fn a_sync_needs_no_place_in_the_order_and_never_moves_traffic() {
    let mut wanted = release("sync");
    wanted.sync = true;
    let before = stable(2);
    let Claim::Claimed { record, .. } = claim(&before, &wanted, None, 7, 1) else {
        panic!("not claimed")
    };
    assert!(matches!(
        flip(&record, "sync", "sync", NEW, 2),
        BeginFlip::Refused(_)
    ));
    let Finish::Finished(ended) = record.finish(
        &execution("sync"),
        Outcome::Synced,
        &"in sync".into(),
        at(50),
    ) else {
        panic!("not ended")
    };
    let release = ended.release.clone().expect("a release");
    assert_eq!(
        (release.phase, release.expected_active()),
        (Phase::Synced, release.from)
    );
    assert_eq!(ended.expands[0].stable_releases, 2, "a sync is no release");
    let cause = FlipBackCause::Release(id("sync"));
    assert!(matches!(
        ended.begin_flip_back(&owner("op"), &cause, &"".into(), at(9), at(20)),
        BeginFlip::NothingToFlipBack { closed: None, .. }
    ));
}
