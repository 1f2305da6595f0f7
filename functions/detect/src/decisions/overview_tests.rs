//! The tests of `overview.rs`.

use super::*;
use crate::decisions::{DecisionPolicy, ReleaseWindow};
use crate::look::{EnvironmentObservation, Snapshot};
use fixtures::at;
use record::{
    Approval, ApprovalBefore, Before, Decision, Freeze, Gate, HeldBack, Hold, Record, RequestKind,
};
use serde_json::{Value, json};
use shared::{PerEnvironment, Share};

fn snapshot() -> Snapshot {
    let running = |environment: &str, digest: &str| EnvironmentObservation {
        digests: vec![digest.into()],
        ..EnvironmentObservation::test(environment)
    };
    Snapshot {
        active: Ok(Environment::Blue),
        rules: Vec::new(),
        environments: PerEnvironment {
            blue: running("blue", "sha256:one"),
            green: running("green", "sha256:two"),
        },
    }
}

fn release(id: &str, phase: Phase, tag: &str) -> Release {
    Release {
        phase,
        tag: Some(tag.to_owned()),
        to_digest: format!("sha256:{id}").as_str().into(),
        claimed_at: at(0),
        ..fixtures::release(id)
    }
}

fn decision() -> Decision {
    Decision {
        execution: "arn:d1".into(),
        by: Some("ana".to_owned()),
        reason: "sale".to_owned(),
        at: at(0),
    }
}

fn shown(record: &Record, history: &[Release]) -> (Value, String) {
    let overview = Overview::of(&Observed {
        service: "shop",
        repository: "shop",
        record,
        snapshot: &snapshot(),
        history,
        dead_holder: false,
        newest_waits: record.newest.is_some(),
        policy: &DecisionPolicy::default(),
        now: at(10),
    });
    (json!(overview), overview.in_short())
}

fn held(release: Release) -> Record {
    Record {
        holder: Some(
            format!("arn:aws:states:::execution:x:{}", release.id)
                .as_str()
                .into(),
        ),
        release: Some(release),
        ..Record::default()
    }
}

#[test]
fn a_service_that_was_never_released_has_nothing_to_show_but_what_runs() {
    let (status, reason) = shown(&Record::default(), &[]);
    assert_eq!(
        status,
        json!({"service": "shop", "active": "blue", "problem": null,
            "version": {"digest": "sha256:one"},
            "idle": {"environment": "green", "digest": "sha256:two"},
            "inProgress": null, "freeze": null, "heldBack": null, "window": null, "waiting": null,
            "lastReleases": []})
    );
    assert_eq!(
        reason,
        "blue is active with sha256:one; nothing is in progress"
    );
}

#[test]
fn the_versions_have_the_tags_with_which_they_were_released() {
    let history = [
        release("two", Phase::RolledBack, "v2"),
        release("two", Phase::Stable, "v2"),
        release("one", Phase::Stable, "v1"),
    ];
    let (status, reason) = shown(&Record::default(), &history);
    assert_eq!(status["version"]["tag"], "v1");
    assert_eq!(status["idle"]["tag"], "v2");
    let last = status["lastReleases"].as_array().expect("a list");
    let ends: Vec<_> = last.iter().map(|it| (&it["release"], &it["end"])).collect();
    assert_eq!(
        json!(ends),
        json!([["two", "rolled-back"], ["one", "stable"]])
    );
    assert!(reason.starts_with("blue is active with v1;"), "{reason}");
}

#[test]
fn a_release_shows_who_asked_for_it() {
    let mut ended = release("r1", Phase::Deploying, "v2");
    ended.origin = Some(Origin::of(RequestKind::Tag));
    let (status, _) = shown(&held(ended.clone()), &[ended]);
    assert_eq!(status["inProgress"]["origin"]["request"], "tag");
    assert_eq!(status["lastReleases"][0]["origin"]["request"], "tag");
}

#[test]
fn a_release_at_its_gate_shows_what_it_waits_for_and_the_requests_to_copy() {
    let approval = Approval {
        before: vec![ApprovalBefore::Flip],
        seconds: 60,
        ..Approval::default()
    };
    let release = Release {
        approval: Some(approval),
        ..release("r1", Phase::Deploying, "v2")
    };
    let gate = Gate {
        release: "r1".into(),
        before: Before::Flip(Share::ALL),
        opened_at: at(0),
        until: at(60),
        command: None,
        outcome: None,
    };
    let record = Record {
        gate: Some(gate),
        ..held(release)
    };
    let (status, reason) = shown(&record, &[]);
    let progress = &status["inProgress"];
    assert_eq!(
        (&progress["phase"], &progress["share"]),
        (&json!("deploying"), &Value::Null)
    );
    let ask = progress["ask"].as_array().expect("requests");
    assert_eq!(ask.len(), 2);
    for request in ask {
        assert_eq!(request["gate"], "flip to 100 %");
    }
    assert!(
        reason.contains("waits for an approval of its flip to 100 %"),
        "{reason}"
    );
}

#[test]
fn a_held_release_shows_until_when_and_one_that_was_stopped_shows_its_end() {
    let hold = Hold {
        decision: decision(),
        until: at(60),
        ended: None,
    };
    let mut held_release = release("r1", Phase::Watching, "v2");
    held_release.hold = Some(hold);
    held_release.share = Share::new(10);
    let (status, _) = shown(&held(held_release.clone()), &[]);
    let progress = &status["inProgress"];
    assert_eq!(progress["share"], 10);
    assert_eq!(
        progress["ask"],
        json!([{"action": "resume", "release": "r1"}])
    );
    held_release.stop = Some(decision());
    let (status, _) = shown(&held(held_release), &[]);
    let expect = "its end: it was stopped by ana: sale";
    assert_eq!(status["inProgress"]["waitsFor"], expect);
}

#[test]
fn a_freeze_shows_who_and_why_what_it_holds_back_and_how_it_ends() {
    let request = QueuedRequest {
        made_at: at(5),
        started_at: at(5),
        execution: "arn:p1".into(),
        pushed_digest: Some("sha256:three".into()),
        pushed_members: Vec::new(),
    };
    let record = Record {
        freeze: Some(Freeze {
            decision: decision(),
            until: None,
            ended: None,
        }),
        held_back: Some(HeldBack {
            request: request.clone(),
            tag: Some("v3".to_owned()),
        }),
        newest: Some(request),
        ..Record::default()
    };
    let (status, reason) = shown(&record, &[]);
    assert_eq!(status["freeze"]["by"], "ana");
    assert_eq!(status["freeze"]["ask"], json!([{"action": "unfreeze"}]));
    let held_back = status["heldBack"].as_str().expect("a push");
    assert!(held_back.ends_with("shop:v3@sha256:three"), "{held_back}");
    let waiting = status["waiting"].as_str().expect("a request");
    assert!(
        waiting.starts_with("a push of sha256:three at "),
        "{waiting}"
    );
    assert!(reason.ends_with("; releases are frozen"), "{reason}");
}

#[test]
fn what_cannot_be_said_is_said() {
    let mut disagreeing = snapshot();
    disagreeing.active = Err("the rules disagree".into());
    let policy = DecisionPolicy {
        window: Some(ReleaseWindow::read("* * 30 2 *", "UTC")),
        ..DecisionPolicy::default()
    };
    let overview = Overview::of(&Observed {
        service: "shop",
        repository: "shop",
        record: &held(release("r1", Phase::Watching, "v2")),
        snapshot: &disagreeing,
        history: &[],
        dead_holder: true,
        newest_waits: false,
        policy: &policy,
        now: at(10),
    });
    let status = json!(overview);
    for unknown in ["active", "version"] {
        assert_eq!(status[unknown], Value::Null);
    }
    assert_eq!(status["problem"], "the rules disagree");
    assert_eq!(
        status["window"],
        "* * 30 2 * (UTC): does not open within a year"
    );
    let waits_for = status["inProgress"]["waitsFor"].as_str().expect("text");
    assert!(
        waits_for.contains("has ended without an end of it"),
        "{waits_for}"
    );
}
