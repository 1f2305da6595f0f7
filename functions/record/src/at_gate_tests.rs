//! The tests of `at_gate.rs`.

use super::*;
use crate::approval::{ApprovalBefore, WhenNewerPushed};
use crate::fixtures::people::{
    approval, before_first_flip, ends, frozen, gated, goes_on, heed, opened, refused, taken, waits,
    with_newer, word,
};
use crate::fixtures::{at, id, proven, share, watching_at};
use crate::heed::Heed;

fn to_10() -> Before {
    Before::Flip(share(10))
}

#[test]
fn a_gate_opens_once_and_only_when_the_release_is_ready() {
    let asked = heed(&before_first_flip(), Some(to_10()), false, 100);
    assert_eq!(asked.0, None);
    waits(&asked, false, false);
    let asked = heed(&before_first_flip(), Some(to_10()), true, 100);
    waits(&asked, true, false);
    let open = asked.0.expect("a gate");
    let gate = open.gate.clone().expect("a gate");
    assert_eq!((gate.opened_at, gate.until), (at(100), at(700)));
    let again = heed(&open, Some(to_10()), true, 160);
    assert_eq!(again.0, None);
    waits(&again, true, false);
    goes_on(heed(&before_first_flip(), None, true, 100));
    goes_on(heed(
        &before_first_flip(),
        Some(Before::Commands),
        true,
        100,
    ));
}

#[test]
fn a_gate_that_nobody_decides_counts_as_the_policy_says() {
    let open = opened(&before_first_flip(), to_10());
    waits(&heed(&open, Some(to_10()), true, 699), true, false);
    let asked = heed(&open, Some(to_10()), true, 700);
    ends(
        &asked,
        "ApprovalTimedOut",
        "nobody decided the gate `flip to 10 %`",
    );
    let again = heed(&asked.0.expect("an outcome"), Some(to_10()), true, 701);
    ends(&again, "ApprovalTimedOut", "it counts as rejected");
    let approving = Approval {
        when_not_approved: WhenNotApproved::Approve,
        ..approval(&[ApprovalBefore::Flip])
    };
    let open = opened(&gated(&proven(), approving), to_10());
    let (settled, heeded) = heed(&open, Some(to_10()), true, 700);
    assert_eq!(heeded, Heed::GoOn { finish: false });
    let settled = settled.expect("an outcome");
    goes_on(heed(&settled, Some(to_10()), true, 701));
    let late = settled.reject(&id("me"), None, &word("bob", 701), at(702));
    refused(&late, "it counts as approved");
}

/// A policy by which a newer request replaces a release that waits.
fn replacing() -> Approval {
    Approval {
        when_newer_pushed: WhenNewerPushed::Replace,
        ..approval(&[ApprovalBefore::Flip, ApprovalBefore::Finish])
    }
}

#[test]
fn a_newer_request_ends_a_release_that_waits_for_its_approval_where_the_policy_says_so() {
    let superseded = |record: &Record| {
        let heeded = heed(record, Some(to_10()), true, 120);
        ends(
            &heeded,
            "ReleaseSuperseded",
            "a newer request, execution newer, replaces me",
        );
        heeded.0
    };
    let before = gated(&proven(), replacing());
    superseded(&with_newer(&before));
    let ended = superseded(&with_newer(&opened(&before, to_10())));
    // It stays so, even where a freeze begins then.
    superseded(&frozen(&ended.expect("an outcome")));
}

#[test]
fn a_newer_request_does_not_end_what_need_not_wait_or_what_it_cannot_replace() {
    let open = opened(&gated(&proven(), replacing()), to_10());
    let held_back = frozen(&with_newer(&open));
    waits(&heed(&held_back, Some(to_10()), true, 120), true, false);
    let approved = taken(open.approve(&id("me"), None, &word("ann", 110), at(111)));
    goes_on(heed(&with_newer(&approved), Some(to_10()), true, 120));
    let watching = opened(&gated(&watching_at(100), replacing()), Before::Finish);
    let watching = with_newer(&watching);
    waits(
        &heed(&watching, Some(Before::Finish), true, 120),
        true,
        false,
    );
}

#[test]
fn each_step_has_its_own_gate_and_an_earlier_one_does_not_open_again() {
    let policy = approval(&[ApprovalBefore::EachStep, ApprovalBefore::Finish]);
    let watching = gated(&watching_at(10), policy);
    let to_50 = Before::Flip(share(50));
    let open = opened(&watching, to_50);
    let late = heed(&open, Some(Before::Flip(share(20))), true, 110);
    assert_eq!(late, (None, Heed::GoOn { finish: false }));
    goes_on(heed(&watching, Some(to_10()), true, 110));
    goes_on(heed(&watching, Some(Before::Finish), true, 110));
    waits(&heed(&open, Some(to_50), true, 110), true, false);
}
