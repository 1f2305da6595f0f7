//! The outcome of one run: push, let the fault strike, wait for the end, and check the invariants.

use super::runs::{Course, Run};
use crate::follow::{End, Follow};
use crate::metrics::publish_errors;
use crate::proxy::{Kind, RecordedCall};
use crate::relay;
use crate::stage::{Local, Stage};
use crate::state::State;
use anyhow::{Context, Result, ensure};
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::Utc;
use record::Phase;
use shared::Environment;
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

impl Outcome {
    /// What the fault broke, a line each.
    pub(super) fn broken(&self) -> impl Iterator<Item = String> {
        let violations = self.violations.iter();
        violations.map(|violation| format!("{} ({}): {violation}", self.run, self.end))
    }
}

/// Runs a course without a fault, and gives the calls of the functions.
pub async fn record(
    local: &Local,
    stage: &Arc<Stage>,
    course: Course,
) -> Result<Vec<RecordedCall>> {
    let before = State::read(stage).await?;
    local.proxy.record(&stage.aws.account, None);
    let end = push(stage, course, before.active.clone()).await?;
    let after = State::read(stage).await?;
    let violations = violations(course, &before, &after, &end);
    ensure!(violations.is_empty(), "without any fault: {violations:?}");
    Ok(local.proxy.calls(&stage.aws.account))
}

/// Runs a course with a fault.
pub async fn of(local: &Local, stage: &Arc<Stage>, run: Run) -> Outcome {
    let began = Instant::now();
    let (end, violations) = match with_fault(local, stage, &run).await {
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

async fn with_fault(local: &Local, stage: &Arc<Stage>, run: &Run) -> Result<(End, Vec<String>)> {
    let account = &stage.aws.account;
    let before = settled(stage).await?;
    local.proxy.record(account, Some(run.fault()));
    let end = push(stage, run.course, before.active.clone()).await?;
    // An effect that comes late must not come after the end of the lease and change what the end was.
    while local.proxy.pending(account) > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let after = State::read(stage).await?;
    let mut violations = violations(run.course, &before, &after, &end);
    if !local.proxy.struck(account) {
        violations.push("the fault never struck: the call was not made".to_owned());
    }
    let passes = !matches!(run.kind, Kind::Refused | Kind::Denied);
    if run.course == Course::Good && passes && word(&end) != "released" {
        violations.push(format!(
            "a fault that passes ended the release: {}",
            end.cause
        ));
    }
    Ok((end, violations))
}

/// The state once no lease of the run before holds: the next release would wait for that.
async fn settled(stage: &Stage) -> Result<State> {
    loop {
        let state = State::read(stage).await?;
        if state.record.live_lease(Utc::now()).is_none() {
            return Ok(state);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Pushes the next build, and breaks it if the course says so.
async fn push(
    stage: &Arc<Stage>,
    course: Course,
    from: Result<Environment, String>,
) -> Result<End> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let build = format!("v2.{}.0", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut follow = Follow::new(stage, relay::push(stage, &build).await?);
    if course == Course::Rollback {
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

/// Everything that is not as it should be after the course's end.
fn violations(course: Course, before: &State, after: &State, end: &End) -> Vec<String> {
    let mut violations = after.violations();
    violations.extend(after.changed_beside(before));
    let release = after.record.release.as_ref();
    let release = release.filter(|release| release.id.as_str() == end.release());
    let phase = release.map(|release| release.phase);
    if end.status == ExecutionStatus::Succeeded {
        violations.extend(success(course, before, after, end, phase));
    } else {
        violations.extend(failure(before, after, end, phase));
    }
    if end.entered("Flip traffic") && !end.entered("Smoke test passed?") {
        violations.push("I3: flipped without a smoke test".to_owned());
    }
    violations
}

/// A success is a release, and the rules show it.
fn success(
    course: Course,
    before: &State,
    after: &State,
    end: &End,
    phase: Option<Phase>,
) -> Option<String> {
    let previous = before.active.as_ref().ok();
    let flipped = previous.map(|active| active.other()) == after.active.clone().ok();
    let released = word(end) == "released" && phase == Some(Phase::Stable) && flipped;
    (course == Course::Rollback || !released)
        .then(|| format!("I5: {} {phase:?}, the rules flipped: {flipped}", word(end)))
}

/// A failure leaves traffic where it was, and says why.
fn failure(before: &State, after: &State, end: &End, phase: Option<Phase>) -> Vec<String> {
    let mut violations = Vec::new();
    let (was, is, word) = (&before.active, &after.active, word(end));
    if was != is {
        violations.push(format!("I4: {was:?} before, {is:?} after {word}"));
    }
    // None: it ended before it claimed.
    if !matches!(phase, None | Some(Phase::Failed | Phase::RolledBack)) {
        violations.push(format!("I5: {word} left the release {phase:?}"));
    }
    if end.error.is_empty() || end.cause.is_empty() {
        violations.push(format!("I5: ended unexplained: {}", end.describe()));
    }
    violations
}
