//! The tests of `contract.rs`.

use super::*;
use crate::look::EnvironmentObservation;
use shared::PerEnvironment;

/// An hour of the day on which the image of the expanding release was pushed, at 12.
fn at(hour: u32) -> Time {
    let text = format!("2026-11-23T{hour:02}:00:00Z");
    text.parse().expect("a time")
}

fn observation(environment: &str, digests: &[&str]) -> EnvironmentObservation {
    EnvironmentObservation {
        digests: digests.iter().map(|digest| (*digest).into()).collect(),
        ..EnvironmentObservation::test(environment)
    }
}

fn running(blue: &[&str], green: &[&str]) -> Snapshot {
    Snapshot {
        active: Ok(Environment::Blue),
        rules: Vec::new(),
        environments: PerEnvironment {
            blue: observation("blue", blue),
            green: observation("green", green),
        },
    }
}

/// ECR knows of each image the hour at which it was pushed, but does not say it of `timeless`.
fn may(snapshot: &Snapshot) -> Result<Environment, Refusal> {
    let hours = [("older", 11), ("equal", 12), ("newer", 13), ("newest", 14)];
    let known = hours.map(|(digest, hour)| (digest, Some(at(hour))));
    let known = known.into_iter().chain([("timeless", None)]);
    let push_times = known.map(|(digest, pushed_at)| (Digest::from(digest), pushed_at));
    let expand = Expand {
        release: "r1".into(),
        digest: "expanding".into(),
        pushed_at: at(12),
        stable_releases: 2,
        proven: true,
    };
    may_contract(snapshot, &push_times.collect(), &expand)
}

fn refused(snapshot: &Snapshot, expect: &[&str]) {
    let reason = may(snapshot).expect_err("not refused");
    for part in expect {
        assert!(reason.as_str().contains(part), "{part}: {reason}");
    }
}

#[test]
fn both_environments_may_run_the_expanding_image_or_later_ones() {
    for (blue, green) in [
        ("newest", "newer"),
        ("newer", "newer"),
        ("newer", "expanding"),
        ("expanding", "expanding"),
    ] {
        let may = may(&running(&[blue], &[green]));
        assert_eq!(may, Ok(Environment::Blue), "{blue} and {green}");
    }
    let rolling = running(&["newer", "newest"], &["expanding", "newer"]);
    assert_eq!(may(&rolling), Ok(Environment::Blue));
}

#[test]
fn the_active_environment_is_the_one_that_the_rules_forward_to() {
    let mut snapshot = running(&["newer"], &["newest"]);
    snapshot.active = Ok(Environment::Green);
    assert_eq!(may(&snapshot), Ok(Environment::Green));
}

#[test]
fn an_older_image_in_either_environment_is_refused_with_both_times_and_what_to_do() {
    let both = [
        "pushed at 2026-11-23 11:00:00 UTC",
        "release r1 (2026-11-23 12:00:00 UTC)",
        "Release a newer one there, or send {\"action\": \"sync\"}.",
    ];
    let blue = running(&["older"], &["newer"]);
    refused(&blue, &["blue still runs older"]);
    refused(&blue, &both);
    let green = running(&["newer"], &["older"]);
    refused(&green, &["green still runs older"]);
    refused(&green, &both);
    let one_of_two = running(&["newer"], &["newer", "older"]);
    refused(&one_of_two, &["green still runs older"]);
}

#[test]
fn another_image_that_was_pushed_at_the_same_time_is_not_later() {
    refused(
        &running(&["newer"], &["equal"]),
        &["green still runs equal, pushed at 2026-11-23 12:00:00 UTC, not after"],
    );
}

#[test]
fn an_image_of_unknown_age_is_not_taken_for_a_new_one() {
    for digest in ["gone", "timeless"] {
        refused(
            &running(&["newer"], &[digest]),
            &[&format!("green runs {digest}, and ECR does not say")],
        );
    }
}

#[test]
fn a_flip_to_an_environment_without_a_task_could_bring_any_version() {
    refused(&running(&["newer"], &[]), &["green runs no task"]);
    refused(&running(&[], &["newer"]), &["blue runs no task"]);
}

#[test]
fn nothing_is_contracted_while_the_rules_disagree() {
    let mut snapshot = running(&["newer"], &["newer"]);
    snapshot.active = Err(Refusal::from("the rules disagree"));
    refused(&snapshot, &["the rules disagree"]);
}
