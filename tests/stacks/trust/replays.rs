//! T3: a flip that comes too early, too late or with something else, and smoke tests that belong to another release.

use crate::case::Case;
use crate::flip::{REVISION, flip_task, smoke_task};
use serde_json::{Value, json};

pub fn cases() -> Vec<Case> {
    let mut cases = too_early();
    cases.extend(something_else());
    cases.extend(older());
    cases.extend(earlier_version());
    cases
}

fn release(title: &'static str) -> Case {
    Case::new("T3", title)
        .asks(json!({"tag": "v1.1.0"}))
        .releases()
}

/// A task with this value instead of its own.
fn with(mut task: Value, field: &str, value: Value) -> Value {
    task[field] = value;
    task
}

/// flip refuses the task, and neither record nor rule has changed since this version of the record.
fn refused(case: Case, task: Value, version: u32, says: &'static str) -> Case {
    let arn = "elb:targetgroup/blue/1";
    case.calls("flip", task)
        .answers(json!({"decision": "refused"}))
        .saying(&[says])
        .has(json!({"rules/http/Actions/0/TargetGroupArn": arn, "record/version": version}))
}

/// The proper order flips, whatever went astray before.
fn flips(case: Case) -> Case {
    case.flips(2)
        .answers(json!({"decision": "flipped"}))
        .has(json!({"record/release/phase": "watching"}))
}

const UNTESTED: &str = "the record does not say that release r1 passed the smoke test";

fn too_early() -> Vec<Case> {
    let failed = json!({"passed": false, "release": "r1", "digest": "sha256:110…"});
    let of_failed = with(smoke_task(), "smoke", failed);
    vec![
        flips(release("the order of the state machine")),
        flips(refused(
            release("the holder's flip before its smoke test has passed"),
            flip_task(2),
            9,
            UNTESTED,
        )),
        refused(
            release("the holder's flip after its smoke test has failed")
                .calls("detect", of_failed)
                .answers(json!({"recorded": false}))
                .saying(&["did not pass"]),
            flip_task(2),
            9,
            UNTESTED,
        ),
    ]
}

/// What was tested is flipped, and nothing else.
fn something_else() -> Vec<Case> {
    let other = |task| with(task, "taskDefinition", json!("ecs:task-definition/shop:9"));
    let of = |digest: &str| json!({"passed": true, "release": "r1", "digest": digest});
    let not_recorded = |title, task, says: &'static str| {
        let case = release(title).calls("detect", task);
        let case = case.answers(json!({"recorded": false})).saying(&[says]);
        refused(case, flip_task(2), 9, UNTESTED)
    };
    vec![
        flips(refused(
            release("a flip with another revision").passes_smoke(),
            other(flip_task(2)),
            10,
            "ecs:task-definition/shop:9",
        )),
        flips(
            release("a second smoke test with another revision")
                .passes_smoke()
                .calls("detect", other(smoke_task()))
                .answers(json!({"recorded": false}))
                .has(json!({"record/version": 10})),
        ),
        not_recorded(
            "a smoke test of another image",
            with(smoke_task(), "smoke", of("sha256:100…")),
            "the smoke test was of sha256:100…",
        ),
    ]
}

/// Release `r1` has ended stable in green, and `r2` is deploying to blue.
fn second(title: &'static str) -> Case {
    release(title)
        .calls("deploy", json!({"action": "register", "plan": "$plan"}))
        .calls(
            "deploy",
            json!({"action": "update", "plan": "$plan", "taskDefinition": REVISION}),
        )
        .flips(2)
        .answers(json!({"decision": "flipped"}))
        .ends("stable", "", "")
        .asks(json!({"tag": "v1.0.0"}))
        .releases()
}

/// What belongs to `r1` comes again, or to the wrong one.
fn older() -> Vec<Case> {
    let r1 = json!({"id": "execution:shop-release:r1", "name": "r1", "startTime": "2026-11-20T10:01:05Z"});
    let smoke = json!({"passed": true, "release": "r1", "digest": "sha256:110…"});
    let flip = with(flip_task(2), "plan", json!("$r1.plan"));
    let flip = with(flip, "execution", r1["id"].clone());
    let of_r1 = with(smoke_task(), "smoke", smoke);
    let by_r1 = with(with(of_r1.clone(), "execution", r1), "release", json!("r1"));
    let stays = json!({
        "rules/http/Actions/0/TargetGroupArn": "elb:targetgroup/green/1",
        "record/release/phase": "deploying", "record/release/passedSmoke": null,
    });
    let not_recorded = |title, task, says: &'static str| {
        let case = second(title).calls("detect", task);
        let case = case.answers(json!({"recorded": false})).saying(&[says]);
        case.has(stays.clone())
            .flips(2)
            .answers(json!({"decision": "flipped"}))
    };
    vec![
        second("the flip of an older release")
            .calls("flip", flip)
            .answers(json!({"decision": "refused"}))
            .saying(&["does not speak of release r1"])
            .has(stays.clone())
            .calls("flip", flip_task(2))
            .answers(json!({"decision": "refused"}))
            .saying(&["does not say that release r2 passed"])
            .has(stays.clone()),
        not_recorded(
            "an older release's smoke test",
            by_r1,
            "does not speak of release r1",
        ),
        not_recorded(
            "an older smoke test for this release",
            of_r1,
            "one of release r1",
        ),
    ]
}

/// A version before this one kept nothing about smoke tests.
fn earlier_version() -> Vec<Case> {
    let mut task = flip_task(2);
    let fields = task.as_object_mut().expect("fields");
    fields.remove("taskDefinition");
    let began = |title, phase: &str| release(title).change(json!({"record/release/phase": phase}));
    vec![
        refused(
            began(
                "a release of an earlier version before its flip",
                "deploying",
            ),
            task.clone(),
            9,
            "release its image again",
        ),
        began("a flip of an earlier version goes on", "flipping")
            .calls("flip", task.clone())
            .answers(json!({"decision": "flipped"})),
        began("a flip of an earlier version is done", "watching")
            .calls("flip", task)
            .answers(json!({"decision": "already-there"})),
    ]
}
