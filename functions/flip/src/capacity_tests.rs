//! The tests of `capacity.rs`.

use super::*;
use fixtures::target_health;
use record::Release;

/// What a flip from one share to the next needs of both environments.
fn need(deployed: i32, active_wants: i32, before: u8, share: u8) -> (usize, usize) {
    let share = Share::new(share).expect("a share");
    match Need::of_new_flip(deployed, active_wants, Share::new(before), share) {
        Need::All { wanted, previous } => (wanted, previous),
        need @ Need::OneOf(_) => panic!("{need:?}"),
    }
}

#[test]
fn a_new_flip_needs_what_was_deployed_or_what_active_wants_by_now_if_that_is_fewer() {
    let check = |deployed, active_wants, expect| {
        assert_eq!(need(deployed, active_wants, 0, 100), (expect, 0));
    };
    check(10, 10, 10);
    // Active was scaled in since: what it needs now is enough for its traffic.
    check(10, 3, 3);
    check(10, 30, 10);
    // Somebody has scaled active to none, and traffic needs somewhere to go.
    check(10, 0, 1);
    check(0, 0, 1);
    check(-1, -1, 1);
}

#[test]
fn a_share_needs_its_part_of_the_targets_and_leaves_as_many_as_the_rest_needs() {
    assert_eq!(need(10, 10, 0, 10), (1, 9));
    assert_eq!(need(10, 10, 0, 50), (5, 5));
    // Rounded up, and never none.
    assert_eq!(need(10, 10, 0, 1), (1, 10));
    assert_eq!(need(3, 3, 0, 50), (2, 2));
    assert_eq!(need(1, 1, 0, 99), (1, 1));
    assert_eq!(need(10, 4, 0, 50), (2, 2));
    assert_eq!(need(4, 10, 0, 50), (2, 5));
    assert_eq!(need(0, 0, 0, 50), (1, 1));
}

/// Autoscaling leaves active 5 of its 10 tasks while it has half of the traffic: all of it needs 10 again.
#[test]
fn what_active_wants_for_the_rest_is_counted_for_all_of_the_traffic() {
    assert_eq!(need(10, 5, 50, 100), (10, 0));
    assert_eq!(need(10, 9, 10, 50), (5, 5));
    assert_eq!(need(10, 5, 50, 75), (8, 3));
    assert_eq!(need(10, 1, 90, 100), (10, 0));
    assert_eq!(need(10, 2, 50, 100), (4, 0));
}

#[test]
fn a_flip_is_new_until_its_lease_was_taken_at_each_share() {
    let check = |phase, expect| {
        let release = Release {
            phase,
            ..fixtures::release("r1")
        };
        let record = Record {
            release: Some(release),
            ..Record::default()
        };
        assert_eq!(is_new_flip(&record), expect, "{phase}");
    };
    check(Phase::Deploying, true);
    check(Phase::Flipping, false);
    check(Phase::Watching, true);
    assert!(!is_new_flip(&Record::default()));
}

#[test]
fn only_healthy_targets_count_and_a_shortage_has_its_figures() {
    let states = ["healthy", "initial", "unhealthy", "unused", "draining"];
    let targets = states.map(|state| target_health("10.0.0.1", state));
    let capacity = Capacity::of(&targets, 3);
    let expect = Capacity {
        healthy: 1,
        registered: 4,
        wanted: 3,
    };
    assert_eq!(capacity, expect);
    assert_eq!(
        capacity.shortage().as_deref(),
        Some("1 of 3 targets healthy")
    );
    assert_eq!(Capacity::of(&targets, 1).shortage(), None);
}
