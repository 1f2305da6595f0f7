//! The tests of `unfinished.rs`.

use super::*;
use crate::look::EnvironmentObservation;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupTuple,
};
use fixtures::at;
use record::{Contract, Expand, Phase};
use shared::routing::LiveRule;
use shared::{OriginalForward, PerEnvironment, Refusal, Share};

/// A release to green that splits two rules.
fn record(phase: Phase, share: u8, passed: Option<u8>) -> Record {
    let original = |rule: &str| OriginalForward {
        rule: rule.to_owned(),
        single: true,
        groups: None,
    };
    let release = Release {
        phase,
        share: Share::new(share),
        share_since: Some(at(0)),
        passed_share: passed.and_then(Share::new),
        original_forwards: ["a", "b"].map(original).to_vec(),
        ..fixtures::release("r1")
    };
    Record {
        holder: Some("r1".into()),
        release: Some(release),
        ..Record::default()
    }
}

/// Rules that give green these shares.
fn snapshot(shares: &[(&str, i32)]) -> Snapshot {
    let rules = shares.iter().map(|(arn, percent)| {
        let group = |name: &str, weight| {
            let group = TargetGroupTuple::builder().target_group_arn(name);
            group.weight(weight).build()
        };
        let forward = ForwardActionConfig::builder()
            .target_groups(group("tg-blue", 100 - percent))
            .target_groups(group("tg-green", *percent));
        let action = Action::builder().r#type(ActionTypeEnum::Forward);
        LiveRule {
            arn: (*arn).to_owned(),
            actions: vec![action.forward_config(forward.build()).build()],
        }
    });
    Snapshot {
        active: Err(Refusal::from("as the rules were read")),
        rules: rules.collect(),
        environments: PerEnvironment {
            blue: EnvironmentObservation::test("blue"),
            green: EnvironmentObservation::test("green"),
        },
    }
}

fn explained(record: &Record, shares: &[(&str, i32)]) -> Option<String> {
    let routing = Routing {
        rule_arns: Vec::new(),
        target_groups: PerEnvironment {
            blue: "tg-blue".to_owned(),
            green: "tg-green".to_owned(),
        },
    };
    let mut snapshot = snapshot(shares);
    let before = snapshot.active.clone();
    let is_split = explain_split(&routing, &mut snapshot, record);
    assert_eq!(is_split, snapshot.active != before);
    is_split.then(|| {
        snapshot
            .active
            .expect_err("no active environment")
            .into_reason()
    })
}

#[test]
fn a_split_is_the_releases_own_by_its_rules_and_its_shares() {
    let watching = record(Phase::Watching, 10, None);
    let said = explained(&watching, &[("a", 10), ("b", 10)]).expect("its own");
    let expect = "release r1 (watching at 10 %) splits the traffic, so neither environment is active. \
        Wait until that release has ended; if its execution was stopped, send {\"action\": \"rollback\"}, which flips all \
        of it back to blue, and request this again.";
    assert_eq!(said, expect);
    let flipping = record(Phase::Flipping, 50, Some(10));
    for shares in [
        [("a", 50), ("b", 50)],
        [("a", 50), ("b", 10)],
        [("a", 0), ("b", 10)],
        [("a", 10), ("b", 100)],
    ] {
        assert!(explained(&flipping, &shares).is_some(), "{shares:?}");
    }
    assert!(
        explained(
            &record(Phase::RollingBack, 10, None),
            &[("a", 0), ("b", 10)]
        )
        .is_some()
    );
}

#[test]
fn any_other_split_is_somebody_elses() {
    let watching = record(Phase::Watching, 10, None);
    for shares in [
        [("a", 11), ("b", 11)],
        [("a", 10), ("b", 90)],
        [("a", 10), ("c", 10)],
        [("a", 0), ("b", 0)],
        [("a", 100), ("b", 0)],
    ] {
        assert_eq!(explained(&watching, &shares), None, "{shares:?}");
    }
    for phase in [
        Phase::Deploying,
        Phase::Stable,
        Phase::RolledBack,
        Phase::Failed,
    ] {
        let ended = record(phase, 10, None);
        assert_eq!(explained(&ended, &[("a", 10), ("b", 10)]), None, "{phase}");
    }
    assert_eq!(explained(&Record::default(), &[("a", 10)]), None);
}

#[test]
fn an_ended_holder_has_left_what_moved_traffic_and_is_its_own() {
    let (dead, other) = (ExecutionArn::from("r1"), ExecutionArn::from("r2"));
    let left = |record: &Record, dead| to_flip_back(record, Some(dead), WhenStopped::FlipBack);
    for phase in [Phase::Flipping, Phase::Watching, Phase::RollingBack] {
        let record = record(phase, 100, None);
        let expect = format!("r1 has ended without an end of release r1 ({phase})");
        assert_eq!(left(&record, &dead), Some(expect));
        assert_eq!(left(&record, &other), None, "it does not hold the record");
        assert_eq!(to_flip_back(&record, Some(&dead), WhenStopped::Leave), None);
        assert_eq!(to_flip_back(&record, None, WhenStopped::FlipBack), None);
    }
    for phase in [
        Phase::Deploying,
        Phase::Stable,
        Phase::RolledBack,
        Phase::Failed,
        Phase::Synced,
    ] {
        assert_eq!(left(&record(phase, 100, None), &dead), None, "{phase}");
    }
}

/// Whoever stopped its execution then may have done so to keep the release.
#[test]
fn what_an_earlier_version_has_flipped_is_taken_over() {
    let mut old = record(Phase::Watching, 100, None);
    let release = old.release.as_mut().expect("a release");
    (release.share, release.share_since) = (None, None);
    let dead = ExecutionArn::from("r1");
    let left = to_flip_back(&old, Some(&dead), WhenStopped::FlipBack);
    assert_eq!(left, None);
}

/// A release whose flip back was refused is left watching, and a contract step may hold the record after it.
#[test]
fn an_ended_contract_step_is_taken_over() {
    let dead = ExecutionArn::from("r1");
    let expand = Expand {
        release: "r0".into(),
        digest: "sha256:expanding".into(),
        pushed_at: at(0),
        stable_releases: 2,
        proven: true,
    };
    let contracting = Record {
        contract: Some(Contract::requested(&"c1".into(), &dead, at(0), expand)),
        ..record(Phase::Watching, 100, None)
    };
    assert_eq!(
        to_flip_back(&contracting, Some(&dead), WhenStopped::FlipBack),
        None
    );
}
