//! The tests of `claim.rs`.

use super::*;
use crate::fixtures::{self, at, execution, id, release, request};

fn newest(name: &str, made_at: i64) -> Record {
    Record {
        newest: Some(request(name, made_at)),
        ..Record::default()
    }
}

/// Claims for release and execution `me`.
fn claim(record: &Record, dead_holder: Option<&str>, read_version: u64, now: i64) -> Claim {
    fixtures::claim(record, &release("me"), dead_holder, read_version, now)
}

#[test]
fn the_newest_claims_a_free_record() {
    let Claim::Claimed { record, abandoned } = claim(&newest("me", 0), None, 0, 3) else {
        panic!("not claimed")
    };
    assert_eq!((&record.holder, abandoned), (&Some(execution("me")), None));
    assert_eq!(
        record.release.as_ref().map(|r| (r.phase, r.claimed_at)),
        Some((Phase::Deploying, at(3)))
    );
    assert!(
        matches!(claim(&record, None, 0, 4), Claim::AlreadyClaimed(_)),
        "a retry is a no-op"
    );
}

#[test]
fn a_claim_waits_for_holder_and_lease_and_yields_to_a_newer_request() {
    let held = Record {
        newest: Some(request("me", 9)),
        ..Record::test("old", Phase::Watching)
    };
    assert_eq!(
        claim(&held, None, 7, 20),
        Claim::Held {
            by: execution("old")
        }
    );
    let leased = held.leased_by("old", 30);
    assert_eq!(
        claim(&leased, Some("old"), 7, 20),
        Claim::LeaseHeld { until: at(30) }
    );
    let Claim::Claimed { abandoned, .. } = claim(&leased, Some("old"), 7, 31) else {
        panic!("not claimed")
    };
    assert_eq!(abandoned, Some(id("old")));
    assert_eq!(claim(&newest("b", 6), None, 0, 7), Claim::NotNewest);
}

#[test]
fn the_record_says_since_when_the_active_version_is_active() {
    let shifted = |phase| {
        let mut record = Record::test("me", phase);
        let release = record.release.as_mut().expect("a release");
        release.share_since = Some(at(700));
        release.active_since = Some(at(-900));
        record
    };
    let since = |phase, active| shifted(phase).active_since(active);
    use Environment::{Blue, Green};
    assert_eq!(since(Phase::Stable, Green), Some(at(700)));
    for phase in [Phase::RolledBack, Phase::Failed, Phase::Synced] {
        assert_eq!(since(phase, Blue), Some(at(-900)), "{phase}");
    }
    // Somebody has changed the rules by hand, nobody knows when.
    assert_eq!(since(Phase::Stable, Blue), None);
    assert_eq!(since(Phase::RolledBack, Green), None);
    assert_eq!(Record::default().active_since(Blue), None);
    // A record of a version that kept no share.
    let earlier = Record::test("me", Phase::Stable);
    assert_eq!(earlier.active_since(Green), Some(at(10)));
}

/// An alarm flips the last release back after the rules were read and before the claim: what was idle is active now.
#[test]
fn a_claim_does_not_trust_what_was_read_before_the_record_changed() {
    let stable = Record {
        newest: Some(request("me", 9)),
        holder: None,
        ..Record::test("old", Phase::Stable)
    };
    let version = stable.version;
    let mut rolled_back = stable.clone();
    rolled_back.version += 2;
    rolled_back.release.as_mut().expect("a release").phase = Phase::RolledBack;
    let at_version = |record: &Record, version| claim(record, None, version, 20);
    assert_eq!(at_version(&rolled_back, version), Claim::RecordChanged);
    assert!(matches!(
        at_version(&rolled_back, rolled_back.version),
        Claim::Claimed { .. }
    ));
}

/// It would take the missing approval for a refusal of its flip. What it has claimed before the update goes on.
#[test]
fn a_machine_that_heeds_nobody_claims_no_release_that_waits_for_approvals() {
    use crate::fixtures::people::approval;
    let older = |approval| Release {
        heeds: false,
        approval,
        ..release("me")
    };
    let gated = older(Some(approval(&[crate::ApprovalBefore::Flip])));
    let claim = |record: &Record, release: &Release| fixtures::claim(record, release, None, 0, 3);
    assert_eq!(claim(&newest("me", 0), &gated), Claim::HeedsNobody);
    let Claim::Claimed { record, .. } = claim(&newest("me", 0), &older(None)) else {
        panic!("not claimed")
    };
    assert!(record.release.as_ref().is_some_and(|it| !it.heeds));
    assert!(matches!(claim(&record, &gated), Claim::AlreadyClaimed(_)));
}
