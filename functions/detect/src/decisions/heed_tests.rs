//! The tests of `heed.rs`.

use super::*;
use crate::task::Execution;
use fixtures::at;
use record::{ApprovalBefore, Decision, Finished};
use serde_json::{Value, json};
use shared::Share;

fn task(since: Option<Time>) -> HeedTask {
    HeedTask {
        execution: Execution {
            arn: "arn:r1".into(),
            name: "r1".into(),
            start_time: at(0),
            heeds: true,
        },
        release: "r1".into(),
        before: Some(NextStep::Flip),
        share: Share::new(10),
        ready: true,
        since,
        steps: 3,
    }
}

fn policy() -> DecisionPolicy {
    DecisionPolicy {
        hold_seconds: 3600,
        poll_seconds: 15,
        ..DecisionPolicy::default()
    }
}

/// It waits a day for each of its flips.
fn release(phase: Phase) -> Release {
    Release {
        phase,
        approval: Some(Approval {
            before: vec![ApprovalBefore::EachStep],
            seconds: 86_400,
            ..Approval::default()
        }),
        ..fixtures::release("r1")
    }
}

fn gate() -> Gate {
    Gate {
        release: "r1".into(),
        before: Before::Flip(Share::new(10).expect("a share")),
        opened_at: at(0),
        until: at(86_400),
        command: None,
        outcome: None,
    }
}

fn waits(gate: Option<Gate>, held_until: Option<Time>) -> Heed {
    Heed::Waits {
        reason: "release r1 is held".into(),
        gate,
        held_until,
        finish: false,
    }
}

fn check(task: &HeedTask, heed: Heed, release: &Release, now: Time, expect: Value) {
    let heeded = heeded(task, heed, Some(release), &policy(), now);
    assert_eq!(json!(heeded), expect);
}

#[test]
fn a_release_that_nobody_keeps_goes_on() {
    check(
        &task(None),
        Heed::GoOn { finish: false },
        &release(Phase::Deploying),
        at(1),
        json!({"decision": "go-on", "finish": false, "held": false,
            "reason": "nobody keeps release r1 from going on", "gate": null, "ask": null, "until": null,
            "seconds": 15, "failure": null}),
    );
}

#[test]
fn a_watch_that_was_ended_says_by_whom() {
    let decision = Decision {
        execution: "arn:f1".into(),
        by: Some("ana".to_owned()),
        reason: "urgent".to_owned(),
        at: at(0),
    };
    let mut watched = release(Phase::Watching);
    watched.share = Share::new(10);
    watched.finished = Share::new(10).map(|share| Finished { share, decision });
    let go_on = Heed::GoOn { finish: true };
    let heeded = heeded(&task(None), go_on, Some(&watched), &policy(), at(1));
    assert!(heeded.finish);
    let expect = "the watch of release r1 at 10 % was ended by ana: urgent";
    assert_eq!(heeded.reason, expect);
}

#[test]
fn a_gate_is_told_with_what_to_copy_and_what_becomes_of_it() {
    check(
        &task(Some(at(0))),
        waits(Some(gate()), None),
        &release(Phase::Deploying),
        at(3600),
        json!({"decision": "wait", "finish": false, "held": false,
            "reason": "release r1 waits for an approval of its flip to 10 %, until 2027-01-16 08:00:00 UTC: if nobody decides, it \
                is rejected then",
            "gate": "flip to 10 %",
            "ask": "{\"action\": \"approve\", \"release\": \"r1\", \"gate\": \"flip to 10 %\"}\n\
                {\"action\": \"reject\", \"release\": \"r1\", \"gate\": \"flip to 10 %\"}",
            "until": "2027-01-16T08:00:00Z", "seconds": 120, "failure": null}),
    );
}

#[test]
fn a_hold_is_told_with_the_request_that_ends_it() {
    let heeded = heeded(
        &task(Some(at(0))),
        waits(None, Some(at(3600))),
        Some(&release(Phase::Watching)),
        &policy(),
        at(100),
    );
    assert!(heeded.held && heeded.gate.is_none());
    assert_eq!(heeded.until, Some(at(3600)));
    let resume = "{\"action\": \"resume\", \"release\": \"r1\"}";
    assert_eq!(heeded.ask.as_deref(), Some(resume));
}

#[test]
fn no_look_comes_after_the_end_of_what_it_waits_for() {
    let seconds = |heed, now| {
        let release = release(Phase::Watching);
        heeded(&task(Some(at(0))), heed, Some(&release), &policy(), at(now)).seconds
    };
    assert_eq!(seconds(waits(Some(gate()), None), 86_000), 401);
    assert_eq!(seconds(waits(Some(gate()), Some(at(3600))), 3590), 11);
    assert_eq!(seconds(waits(None, Some(at(3600))), 3700), 1);
}

#[test]
fn a_release_looks_rarer_before_its_flip_the_longer_its_gates_may_take() {
    let seconds = |phase, now| {
        let heed = waits(Some(gate()), None);
        heeded(
            &task(Some(at(0))),
            heed,
            Some(&release(phase)),
            &policy(),
            at(now),
        )
        .seconds
    };
    // One gate before the flip, two in the watch of three steps.
    assert_eq!(seconds(Phase::Deploying, 36_000), 360);
    assert_eq!(seconds(Phase::Watching, 36_000), 1960);
}

#[test]
fn the_end_of_a_release_has_a_name_and_a_cause() {
    let reason = FailureReason::failure("ApprovalRejected", "rejected by ben: not before the sale");
    let heeded = heeded(
        &task(None),
        Heed::Ends(reason),
        Some(&release(Phase::Deploying)),
        &policy(),
        at(1),
    );
    assert_eq!(heeded.decision, HeedDecision::End);
    let expect =
        json!({"Error": "ApprovalRejected", "Cause": "rejected by ben: not before the sale"});
    assert_eq!(json!(heeded.failure), expect);
}

#[test]
fn a_flip_without_a_share_is_no_task() {
    let without = HeedTask {
        share: None,
        ..task(None)
    };
    let error = without.before().expect_err("no task");
    assert_eq!(error.name(), "InvalidInput");
    let commands = HeedTask {
        before: Some(NextStep::Commands),
        ..without
    };
    assert_eq!(commands.before().expect("a task"), Some(Before::Commands));
}
