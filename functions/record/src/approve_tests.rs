//! The tests of `approve.rs`.

use super::*;
use crate::approval::{Approval, ApprovalBefore};
use crate::fixtures::people::{
    approval, before_first_flip, frozen, gated, having, heed, opened, refused, taken, taken_before,
    with_newer, word,
};
use crate::fixtures::{at, deploying, execution, id, proven, request, share};
use crate::{Before, HeldBack, Outcome, QueuedRequest};

fn to_10() -> Before {
    Before::Flip(share(10))
}

fn open() -> Record {
    opened(&before_first_flip(), to_10())
}

fn approve(record: &Record, by: &str, said_at: i64) -> Decided {
    record.approve(&id("me"), None, &word(by, said_at), at(said_at + 5))
}

fn reject(record: &Record, by: &str, said_at: i64) -> Decided {
    record.reject(&id("me"), None, &word(by, said_at), at(said_at + 5))
}

fn outcome(record: &Record) -> (bool, &str) {
    let gate = record.gate.as_ref().expect("a gate");
    let outcome = gate.outcome.as_ref().expect("an outcome");
    let by = outcome.decision.as_ref().and_then(|it| it.by.as_deref());
    (outcome.approved, by.unwrap_or_default())
}

#[test]
fn the_first_word_decides_the_gate() {
    let approved = taken(approve(&open(), "ann", 110));
    assert_eq!(outcome(&approved), (true, "ann"));
    taken_before(&approve(&approved, "ann", 110), "ann");
    taken_before(&approve(&approved, "bob", 120), "ann");
    refused(
        &reject(&approved, "bob", 120),
        "was approved by ann: because",
    );
    let rejected = taken(reject(&open(), "bob", 110));
    assert_eq!(outcome(&rejected), (false, "bob"));
    taken_before(&reject(&rejected, "cyd", 120), "bob");
    refused(&approve(&rejected, "ann", 120), "was rejected by bob");
}

#[test]
fn a_word_is_about_one_gate_of_one_release() {
    let named = |release: &str, gate: &str| {
        open().approve(&id(release), Some(gate), &word("ann", 110), at(111))
    };
    assert_eq!(outcome(&taken(named("me", "flip to 10 %"))), (true, "ann"));
    refused(
        &named("me", "finish"),
        "came to the gate `flip to 10 %`, not to `finish`",
    );
    refused(
        &named("other", "flip to 10 %"),
        "release other waits at no gate",
    );
    refused(
        &approve(&before_first_flip(), "ann", 110),
        "waits at no gate",
    );
    refused(&approve(&Record::default(), "ann", 110), "waits at no gate");
}

#[test]
fn a_word_from_before_the_gate_opened_does_not_act_on_it() {
    for said_at in [90, 100] {
        refused(&approve(&open(), "ann", said_at), "opened after that");
        refused(&reject(&open(), "ann", said_at), "Ask again.");
    }
    // The same word, delivered again after the gate of the next step has opened.
    let policy = approval(&[ApprovalBefore::EachStep]);
    let approved = taken(approve(
        &opened(&gated(&proven(), policy), to_10()),
        "ann",
        110,
    ));
    let watching = having(&approved, |release| {
        release.phase = Phase::Watching;
        release.share = Some(share(10));
    });
    let (next, _) = heed(&watching, Some(Before::Flip(share(50))), true, 300);
    refused(
        &approve(&next.expect("the next gate"), "ann", 110),
        "opened after that",
    );
}

#[test]
fn a_gate_whose_time_is_over_takes_no_word() {
    taken(approve(&open(), "ann", 694));
    refused(&approve(&open(), "ann", 695), "was over at");
    refused(&reject(&open(), "ann", 700), "was over at");
}

#[test]
fn nobody_decides_for_a_release_that_does_not_wait_any_more() {
    let stopped = taken(open().stop(&id("me"), &word("bob", 105)));
    refused(&approve(&stopped, "ann", 110), "was stopped by bob");
    let rolling_back = having(&open(), |release| release.phase = Phase::RollingBack);
    refused(&approve(&rolling_back, "ann", 110), "is being flipped back");
    let me = execution("me");
    let crate::Finish::Finished(failed) = open().finish(&me, Outcome::Failed, &"x".into(), at(105))
    else {
        panic!("not finished")
    };
    refused(&approve(&failed, "ann", 110), "has ended: it is failed");
    // What was taken before its end was taken, also for its own retry.
    let approved = taken(approve(&open(), "ann", 103));
    let ended = having(&approved, |release| release.phase = Phase::Failed);
    taken_before(&approve(&ended, "ann", 103), "ann");
}

#[test]
fn a_claim_leaves_no_gate_of_the_release_before() {
    let left = Record {
        holder: None,
        newest: Some(request("next", 50)),
        ..having(&open(), |release| release.phase = Phase::Failed)
    };
    let claim = crate::fixtures::claim(&left, &crate::fixtures::release("next"), None, 7, 110);
    let claimed = claim.record().expect("claimed");
    refused(&approve(&claimed, "ann", 120), "waits at no gate");
}

#[test]
fn a_newer_request_replaces_a_release_that_waits_before_its_first_flip_where_the_policy_says_so() {
    let replacing = Approval {
        when_newer_pushed: WhenNewerPushed::Replace,
        ..approval(&[ApprovalBefore::Flip])
    };
    taken(approve(&with_newer(&open()), "ann", 110));
    let waits = opened(&gated(&proven(), replacing.clone()), to_10());
    taken(approve(&waits, "ann", 110));
    refused(
        &approve(&with_newer(&waits), "ann", 110),
        "a newer request, execution newer, replaces",
    );
    // A request that a freeze keeps from beginning replaces nothing, and neither does one after the flip.
    taken(approve(&frozen(&with_newer(&waits)), "ann", 110));
    let watching = gated(
        &having(&deploying(), |it| it.phase = Phase::Watching),
        replacing,
    );
    let release = watching.release.as_ref().expect("a release");
    assert_eq!(with_newer(&watching).replaces(release, at(110)), None);
}

/// A release that waits before its first flip, and that a newer request replaces meanwhile; it brings an index.
fn waits_to_be_replaced() -> Record {
    let replacing = Approval {
        when_newer_pushed: WhenNewerPushed::Replace,
        ..approval(&[ApprovalBefore::Flip])
    };
    let waits = opened(&gated(&proven(), replacing), to_10());
    having(&waits, |it| it.members = vec!["sha256:amd64".into()])
}

fn replaced_by(record: &Record) -> Option<&str> {
    let release = record.release.as_ref().expect("a release");
    record.replaces(release, at(110)).map(ExecutionArn::as_str)
}

#[test]
fn a_push_of_the_same_build_replaces_nothing() {
    let of_index = ["sha256:new".into()];
    for (digest, members, expect) in [
        ("sha256:new", &[][..], None),
        ("sha256:amd64", &[], None),
        ("sha256:index", &of_index, None),
        ("sha256:other", &[], Some("newer")),
    ] {
        let newest = QueuedRequest {
            pushed_digest: Some(digest.into()),
            pushed_members: members.to_vec(),
            ..request("newer", 5)
        };
        let record = Record {
            newest: Some(newest),
            ..waits_to_be_replaced()
        };
        assert_eq!(replaced_by(&record), expect, "{digest}");
    }
}

#[test]
fn what_was_held_back_replaces_nothing_and_what_an_operator_requests_beside_it_does() {
    let held_back = HeldBack {
        request: request("first", 4),
        tag: None,
    };
    let first = Record {
        newest: Some(held_back.request.clone()),
        held_back: Some(held_back),
        ..waits_to_be_replaced()
    };
    assert_eq!(replaced_by(&first), None);
    assert_eq!(replaced_by(&with_newer(&first)), Some("newer"));
}
