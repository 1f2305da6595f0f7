//! One run: push, let the fault strike, wait for the end, and hold the world against the invariants.

use super::plan::{Run, Story};
use crate::follow::{End, Follow};
use crate::metrics::publish_errors;
use crate::proxy::{Kind, Seen};
use crate::relay;
use crate::stage::{Local, Stage};
use crate::state::State;
use anyhow::{Context, Result, ensure};
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::Utc;
use shared::Environment;
use shared::record::Phase;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What became of one run.
pub struct Outcome {
    pub run: Run,
    /// The execution's end in a word: `released`, or the name of its error.
    pub end: String,
    pub violations: Vec<String>,
    pub seconds: f64,
}

/// Tells the story without a fault; the calls of the functions.
pub async fn record(local: &Local, stage: &Arc<Stage>, story: Story) -> Result<Vec<Seen>> {
    let before = State::read(stage).await?;
    local.proxy.record(&stage.aws.account, None);
    let end = tell(stage, story, before.active.clone()).await?;
    let after = State::read(stage).await?;
    let violations = violations(story, &before, &after, &end);
    ensure!(violations.is_empty(), "without any fault: {violations:?}");
    Ok(local.proxy.calls(&stage.aws.account))
}

pub async fn one(local: &Local, stage: &Arc<Stage>, run: Run) -> Outcome {
    let began = Instant::now();
    let (end, violations) = match held(local, stage, &run).await {
        Ok((end, violations)) => (word(&end), violations),
        Err(error) => ("-".to_owned(), vec![format!("{error:#}")]),
    };
    Outcome {
        run,
        end,
        violations,
        seconds: began.elapsed().as_secs_f64(),
    }
}

async fn held(local: &Local, stage: &Arc<Stage>, run: &Run) -> Result<(End, Vec<String>)> {
    let account = &stage.aws.account;
    let before = settled(stage).await?;
    local.proxy.record(account, Some(run.fault()));
    let end = tell(stage, run.story, before.active.clone()).await?;
    // An effect that comes late must not come after the end of the lease and change what the end was.
    while local.proxy.pending(account) > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let after = State::read(stage).await?;
    let mut violations = violations(run.story, &before, &after, &end);
    if !local.proxy.struck(account) {
        violations.push("the fault never struck: the call was not made".to_owned());
    }
    let passes = !matches!(run.kind, Kind::Refused | Kind::Denied);
    if run.story == Story::Good && passes && word(&end) != "released" {
        violations.push(format!(
            "a fault that passes ended the release: {}",
            end.cause
        ));
    }
    Ok((end, violations))
}

/// The state once no writer of the run before can be alive: the next release would wait for that.
async fn settled(stage: &Stage) -> Result<State> {
    loop {
        let state = State::read(stage).await?;
        if state.record.live_writer(Utc::now()).is_none() {
            return Ok(state);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Pushes the next build, and breaks it if the story says so.
async fn tell(stage: &Arc<Stage>, story: Story, from: Result<Environment, String>) -> Result<End> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let build = format!("v2.{}.0", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut follow = Follow::new(stage, relay::push(stage, &build).await?);
    if story == Story::Rollback {
        follow.wait("Watch").await?;
        let to = from.map_err(anyhow::Error::msg)?.other();
        publish_errors(stage, to)
            .await
            .context("cannot publish metrics")?;
    }
    follow.quiet_end().await
}

fn word(end: &End) -> String {
    let result = end.output["result"].as_str();
    result.map_or_else(|| end.error.clone(), str::to_owned)
}

/// Everything that is not as it should be after the story's end.
fn violations(story: Story, before: &State, after: &State, end: &End) -> Vec<String> {
    let mut found = after.violations();
    found.extend(after.changed_beside(before));
    let release = after.record.release.as_ref();
    let phase = release
        .filter(|it| it.id == end.release())
        .map(|it| it.phase);
    if end.status == ExecutionStatus::Succeeded {
        let moved = before.active.as_ref().ok().map(|it| it.other()) == after.active.clone().ok();
        if story == Story::Rollback
            || word(end) != "released"
            || phase != Some(Phase::Stable)
            || !moved
        {
            found.push(format!(
                "I5: {} {phase:?}, the rules moved: {moved}",
                word(end)
            ));
        }
    } else {
        if before.active != after.active {
            found.push(format!(
                "I4: {:?} before, {:?} after {}",
                before.active,
                after.active,
                word(end)
            ));
        }
        // None: it ended before it claimed.
        if !matches!(phase, None | Some(Phase::Failed | Phase::RolledBack)) {
            found.push(format!("I5: {} left the release {phase:?}", word(end)));
        }
        if end.error.is_empty() || end.cause.is_empty() {
            found.push(format!(
                "I5: {} {} ended unexplained: {}",
                end.status, end.error, end.cause
            ));
        }
    }
    let passed = end.states.iter().any(|it| it == "Smoke test passed?");
    if end.states.iter().any(|it| it == "Flip traffic") && !passed {
        found.push("I3: flipped without a smoke test".to_owned());
    }
    found
}
