//! A stopped release, found at its first step: what is refused stays as it is and is said, what a team leaves is left, and
//! a release that runs is left alone (I2, I4, I12).

use super::alarms::at;
use crate::common::{
    execute, go_off, on_a_stage, put, release, result, settled, weighted, write_rules,
};
use anyhow::{Context, Result, ensure};
use rehearsal::aws::lambda::Invocation;
use rehearsal::follow::Follow;
use rehearsal::notices::Event;
use rehearsal::relay::stopped::{lose_events, tick};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::json;
use shared::Environment::{Blue, Green};
use shared::PerEnvironment;
use std::sync::Arc;
use std::time::{Duration, Instant};

const SHADOW: (&str, &str) = ("VerdictMode", "shadow");

/// Steps that leave a tenth of the traffic where it is.
const TENTH: &str = "10:600,100:1";

/// An event comes within a second; on a busy machine, or again after an error, later.
const CLOSED_WITHIN: Duration = Duration::from_secs(300);

/// What flip answered, or the name of its error.
fn word(invocation: &Invocation) -> String {
    let answer = &invocation.answer;
    let word = answer["decision"].as_str().or(answer["errorType"].as_str());
    word.map_or_else(|| answer.to_string(), str::to_owned)
}

async fn stop(stage: &Stage, follow: Follow<'_>) -> Result<()> {
    let call = stage.aws.sfn().stop_execution();
    call.execution_arn(follow.execution()).send().await?;
    let end = follow.quiet_end().await?;
    ensure!(end.status.as_str() == "ABORTED", "{end:?}");
    Ok(())
}

/// The state once nobody holds the record.
async fn closed(stage: &Stage) -> Result<State> {
    let began = Instant::now();
    loop {
        let state = State::read(stage).await?;
        if state.record.holder.is_none() {
            return Ok(state);
        }
        ensure!(began.elapsed() < CLOSED_WITHIN, "{:?}", state.record);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Given a release at its first step, and one that has ended
/// When the schedule is due
/// Then nothing happens: Step Functions says that it runs, and nobody holds the record.
#[test]
fn the_schedule_leaves_a_release_alone_that_runs() {
    on_a_stage(&[SHADOW], async |stage: Arc<Stage>| {
        let follow = at(&stage, "v1.1.0", 10, TENTH).await?;
        let before = State::read(&stage).await?;
        assert_eq!(word(&tick(&stage).await?), "ignored");
        let after = State::read(&stage).await?;
        assert_eq!(
            (after.record, after.actions),
            (before.record, before.actions)
        );
        stage.end_watch().await?;
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "released", "{end:?}");
        assert_eq!(word(&tick(&stage).await?), "nothing-to-flip-back");
        settled(&stage, Green).await?;
        Ok(())
    });
}

/// Given a machine that breaks at its first step, so that not even its failure is recorded
/// When its execution has ended
/// Then the event of that flips back, and the record says that it was FAILED.
#[test]
fn an_execution_that_dies_is_flipped_back() {
    on_a_stage(&[SHADOW], async |stage: Arc<Stage>| {
        let before = State::read(&stage).await?;
        put(&stage, "v1.1.0").await?;
        let cause = "the state 'Evaluate metrics' could not be run";
        stage
            .fail_task("Evaluate metrics", "States.Runtime", cause)
            .await?;
        let end = execute(&stage, json!({"tag": "v1.1.0", "traffic": TENTH})).await?;
        assert_eq!(result(&end), "States.Runtime", "{end:?}");
        let state = closed(&stage).await?;
        assert_eq!(state.actions, before.actions);
        let release = state.record.release.context("no release")?;
        let reason = release.reason.unwrap_or_default();
        assert!(reason.contains("was FAILED at"), "{reason}");
        settled(&stage, Blue).await?;
        Ok(())
    });
}

/// Given a team that leaves what a stopped release has flipped
/// When one is stopped at its first step
/// Then the record is closed and the split stays; the next release is refused and names the remedy, which flips back.
#[test]
fn a_split_may_be_left_and_a_rollback_ends_it() {
    on_a_stage(
        &[SHADOW, ("WhenStopped", "leave")],
        async |stage: Arc<Stage>| {
            let before = State::read(&stage).await?;
            let follow = at(&stage, "v1.1.0", 10, TENTH).await?;
            stop(&stage, follow).await?;
            let left = closed(&stage).await?;
            assert_eq!(left.to_green, Some(10), "{:?}", left.actions);
            let end = release(&stage, "v1.2.0").await?;
            assert_eq!(result(&end), "ReleaseRefused", "{end:?}");
            assert!(
                end.cause.contains(r#"{"action": "rollback"}"#),
                "{}",
                end.cause
            );
            assert_eq!(State::read(&stage).await?.actions, left.actions);
            let end = execute(&stage, json!({"action": "rollback"})).await?;
            assert_eq!(result(&end), "rolled back", "{end:?}");
            assert_eq!(settled(&stage, Blue).await?.actions, before.actions);
            let end = release(&stage, "v1.2.0").await?;
            assert_eq!(result(&end), "released", "{end:?}");
            Ok(())
        },
    );
}

/// Given a release that was stopped at its first step, while the previous environment has no task left
/// When the schedule is due
/// Then nothing moves to where nobody answers, and that is an error; once tasks run there again, it is flipped back.
#[test]
fn a_stopped_release_is_flipped_back_only_to_a_healthy_target() {
    on_a_stage(&[SHADOW], async |stage: Arc<Stage>| {
        lose_events(&stage).await?;
        let before = State::read(&stage).await?;
        let follow = at(&stage, "v1.1.0", 10, TENTH).await?;
        stage.scale(Blue, 0).await?;
        stop(&stage, follow).await?;
        let refused = tick(&stage).await?;
        assert_eq!(word(&refused), "FlipBackRefused", "{refused:?}");
        let message = refused.answer["errorMessage"].to_string();
        assert!(message.contains("no healthy target"), "{message}");
        let state = State::read(&stage).await?;
        assert_eq!(state.to_green, Some(10), "{:?}", state.actions);
        stage.scale(Blue, 2).await?;
        let flipped_back = tick(&stage).await?;
        // A last task of the execution may be at work for a while, so the record is not closed yet.
        let word = word(&flipped_back);
        assert!(
            ["flipped-back", "LeaseHeld"].contains(&&*word),
            "{flipped_back:?}"
        );
        assert_eq!(State::read(&stage).await?.actions, before.actions);
        while State::read(&stage).await?.record.holder.is_some() {
            tick(&stage).await?;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        settled(&stage, Blue).await?;
        Ok(())
    });
}

/// Given a release that was stopped at its first step, and whose end no event tells
/// When the next release finds it, and has it flipped back
/// Then that release tells of it by an event and a mail, and is released.
#[test]
fn a_stopped_release_that_the_next_one_finds_is_told() {
    on_a_stage(&[SHADOW], async |stage: Arc<Stage>| {
        lose_events(&stage).await?;
        let follow = at(&stage, "v1.1.0", 10, TENTH).await?;
        let execution = follow.execution().to_owned();
        let stopped = execution.rsplit(':').next().context("an ARN")?;
        stop(&stage, follow).await?;
        let end = release(&stage, "v1.2.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let is_told = |it: &Event| it.what() == "stopped" && it.is_of(&end.execution);
        let event = stage.inbox.events.wait(is_told).await?;
        assert_eq!(event.text("release"), stopped, "{event:?}");
        let title = event.text("title");
        assert!(
            title.contains("traffic was flipped back to blue"),
            "{title}"
        );
        stage.inbox.wait(|it| it.title() == title).await.map(drop)
    });
}

/// Given a release at its first step
/// When a person writes another split into the rules
/// Then nobody fights it: an alarm's flip back is refused, and the release ends with a page for a person.
#[test]
fn another_split_is_not_fought() {
    on_a_stage(&[SHADOW], async |stage: Arc<Stage>| {
        let follow = at(&stage, "v1.1.0", 10, TENTH).await?;
        let by_hand = PerEnvironment {
            blue: 70,
            green: 30,
        };
        write_rules(&stage, weighted(&stage, by_hand)?).await?;
        let split = State::read(&stage).await?.actions;
        assert_eq!(go_off(&stage, Green).await?, "FlipBackRefused");
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "RollbackRefused", "{end:?}");
        let state = State::read(&stage).await?;
        assert_eq!((state.actions, state.record.holder), (split, None));
        stage.inbox.pages.wait(|_| true).await?;
        Ok(())
    });
}
