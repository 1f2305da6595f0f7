//! Steps at detect's edge: those of a plan, and what detect writes of one that has passed.

use super::asking::{answered, ask_checked, ask_for, context, plan_of, previewed, refused, writes};
use super::aws::splitting;
use super::records::{ME, held_by, newest, noon, stable, watching_a_share};
use super::registry::images;
use crate::handler::handle;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use record::{Phase, Record, Release};
use serde_json::{Value, json};
use shared::{ReleasePlan, Share, Step};

pub(super) fn step(percent: u8, seconds: u32) -> Step {
    let share = Share::new(percent).expect("a share");
    Step { share, seconds }
}

/// The plan of a release that begins, where the parameter says this.
async fn plan(parameter: Option<&str>, request: Value) -> ReleasePlan {
    let mut context = context(newest(), &writes(), &images(1), Running);
    context.traffic.parameter = parameter.map(str::to_owned);
    let answer = ask_checked(&context, request).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    *plan
}

#[tokio::test]
async fn a_release_has_the_steps_of_its_request_or_else_those_of_the_parameter() {
    let asked = |parameter, request| async move { plan(parameter, request).await.steps };
    let plain = || json!({"tag": "v1.1.0"});
    let canary = || json!({"tag": "v1.1.0", "traffic": "Canary10Percent5Minutes"});
    assert_eq!(asked(None, plain()).await, [step(100, 120)]);
    let steps = [step(10, 300), step(100, 120)];
    assert_eq!(asked(None, canary()).await, steps);
    let parameter = Some("50:300,100:60");
    assert_eq!(
        asked(parameter, plain()).await,
        [step(50, 300), step(100, 60)]
    );
    assert_eq!(asked(parameter, canary()).await, steps);
}

#[tokio::test]
async fn a_preset_that_is_lengthened_is_a_warning_of_the_plan_and_a_finding_of_its_preview() {
    let request = json!({"tag": "v1.1.0", "traffic": "Canary10Percent1Minutes"});
    let plan = plan(None, request.clone()).await;
    assert_eq!(plan.steps, [step(10, 300), step(100, 120)]);
    let says = "short-steps: Canary10Percent1Minutes: the first step lasts 300 s, instead of 60";
    assert!(
        plan.warnings.iter().any(|it| it.starts_with(says)),
        "{:?}",
        plan.warnings
    );
    let (answer, _) = answered(newest(), Running, plan_of(&request)).await;
    let Answer::Preview { findings, .. } = answer else {
        panic!("no preview: {answer:?}")
    };
    assert!(findings.iter().any(|it| it.name == "short-steps"));
}

#[tokio::test]
async fn steps_that_cannot_be_used_are_refused_and_nothing_is_written() {
    for (parameter, request, expect) in [
        (
            Some("slowly"),
            json!({"tag": "v1.1.0"}),
            "the parameter TrafficSteps cannot be used: it is none of these: found slowly; expected shares",
        ),
        (
            None,
            json!({"tag": "v1.1.0", "traffic": "10:60,100:60"}),
            "10:300,100:60 would do",
        ),
    ] {
        let write = writes();
        let unqueued = Record {
            newest: None,
            ..newest()
        };
        let mut context = context(unqueued, &write, &images(1), Running);
        context.traffic.parameter = parameter.map(str::to_owned);
        let answer = ask_for(&context, request).await;
        assert!(
            matches!(&answer, Answer::Refuse { reason, .. } if reason.as_str().contains(expect)),
            "{answer:?}"
        );
        assert_eq!(write.num_calls(), 0);
        let answer = ask_for(&context, json!({"action": "sync"})).await;
        assert!(
            !matches!(answer, Answer::Refuse { .. }),
            "a sync moves nothing: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_sync_has_no_step() {
    let (answer, _) = answered(stable(), Running, json!({"action": "sync"})).await;
    let Answer::Sync { plan, .. } = answer else {
        panic!("no sync: {answer:?}")
    };
    assert_eq!(plan.steps, []);
}

#[tokio::test]
async fn a_plan_says_since_when_the_active_version_is_so() {
    let mut record = stable();
    let release = record.release.as_mut().expect("a release");
    release.flipped_at = Some(noon());
    let (answer, _) = answered(record, Running, json!({"tag": "v1.1.0"})).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    assert_eq!(plan.active_since, Some(noon()));
}

/// Tells detect that a share of `ME`'s release has passed: what it answers, and how often it writes.
async fn passed(phase: Phase, passed_share: Option<Share>, share: u8) -> (Value, usize) {
    let mut record = held_by(ME);
    record.release = record.release.map(|release| Release {
        phase,
        share: Share::new(10),
        passed_share,
        ..release
    });
    let write = writes();
    let context = context(record, &write, &images(1), Running);
    let execution = json!({"id": ME, "name": "me", "startTime": "2026-11-23T12:00:00Z"});
    let task =
        json!({"action": "pass-step", "execution": execution, "release": ME, "share": share});
    let answer = handle(&context, task).await.expect("an answer");
    let answer = serde_json::to_value(answer).expect("JSON");
    (answer, write.num_calls())
}

#[tokio::test]
async fn a_share_that_passed_is_written_once() {
    let says = format!("release {ME} passed its watch at 10 % of the traffic");
    let recorded = json!({"decision": "step", "recorded": true, "waits": false, "reason": says});
    assert_eq!(
        passed(Phase::Watching, None, 10).await,
        (recorded.clone(), 1)
    );
    let again = passed(Phase::Watching, Share::new(10), 10).await;
    assert_eq!(again, (recorded, 0), "delivered again");
}

#[tokio::test]
async fn a_share_that_is_not_watched_is_not_written_and_the_answer_says_why() {
    for (phase, share, says) in [
        (Phase::Watching, 50, "has 10 % of the traffic, not 50 %"),
        (Phase::RollingBack, 10, "is rolling back"),
        (Phase::Deploying, 10, "is deploying"),
    ] {
        let (answer, writes) = passed(phase, None, share).await;
        assert_eq!(
            (&answer["recorded"], writes),
            (&json!(false), 0),
            "{answer}"
        );
        let reason = answer["reason"].as_str().expect("a reason");
        assert!(reason.contains(says), "{reason}");
    }
}

#[tokio::test]
async fn a_preview_beside_a_release_that_splits_traffic_says_what_it_waits_for() {
    let write = writes();
    let mut context = context(watching_a_share(), &write, &images(1), Running);
    context.observer.elb = splitting(10);
    let answer = ask_for(&context, plan_of(&json!({"tag": "v1.1.0"}))).await;
    let Answer::Preview {
        would,
        reason,
        plan,
        ..
    } = answer
    else {
        panic!("no preview: {answer:?}")
    };
    assert_eq!((would, plan), (PreviewedAction::Release, None));
    assert_eq!(
        reason,
        "release old (watching at 10 %) of old holds the record, so it would wait; which environment is active then is \
         not known before"
    );
    assert_eq!(write.num_calls(), 0);
    context.observer.elb = splitting(11);
    let answer = ask_for(&context, plan_of(&json!({"tag": "v1.1.0"}))).await;
    let Answer::Preview { would, reason, .. } = answer else {
        panic!("no preview: {answer:?}")
    };
    assert_eq!(would, PreviewedAction::Refuse, "somebody else's split");
    assert!(reason.contains("rule splits traffic"), "{reason}");
}

#[tokio::test]
async fn a_release_that_has_all_of_the_traffic_is_waited_for_as_before() {
    let mut record = watching_a_share();
    record.release.as_mut().expect("a release").share = None;
    let (would, reason, plan, _) = previewed(record, json!({"tag": "v1.1.0"})).await;
    assert_eq!((would, plan), (PreviewedAction::Release, true));
    assert!(
        reason.starts_with(
            "release old (watching) of old holds the record, so it would wait; then: "
        ),
        "{reason}"
    );
}

#[tokio::test]
async fn no_sync_begins_beside_a_release_that_splits_traffic() {
    let expect =
        "release old (watching at 10 %) of old holds the record: a sync would end its flip back";
    refused(
        watching_a_share(),
        Running,
        json!({"action": "sync"}),
        expect,
    )
    .await;
}
