//! The outcome of one run: push, let the fault strike, wait for the end, and check the invariants.

use super::runs::{Course, Run};
use crate::follow::{End, Follow};
use crate::metrics::publish_errors;
use crate::proxy::{Fault, Kind, RecordedCall};
use crate::relay;
use crate::stage::{Local, Stage};
use crate::state::State;
use anyhow::{Context, Result, ensure};
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::Utc;
use record::Phase;
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
pub async fn record(local: &Local, stage: &Stage, course: Course) -> Result<Vec<RecordedCall>> {
    let (_, violations) = ended(local, stage, course, None).await?;
    ensure!(violations.is_empty(), "without any fault: {violations:?}");
    Ok(local.proxy.calls(&stage.aws.account))
}

/// Runs a course with a fault.
pub async fn of(local: &Local, stage: &Stage, run: Run) -> Outcome {
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

async fn with_fault(local: &Local, stage: &Stage, run: &Run) -> Result<(End, Vec<String>)> {
    let fault = Some(run.fault.clone());
    let (end, mut violations) = ended(local, stage, run.course, fault).await?;
    if !local.proxy.struck(&stage.aws.account) {
        violations.push("the fault never struck: the call was not made".to_owned());
    }
    let passes = !matches!(run.fault.kind, Kind::Refused | Kind::Denied);
    if run.course == Course::Good && passes && word(&end) != "released" {
        let cause = &end.cause;
        violations.push(format!("a fault that passes ended the release: {cause}"));
    }
    Ok((end, violations))
}

/// The end of a course, and what is not as it should be after it.
async fn ended(
    local: &Local,
    stage: &Stage,
    course: Course,
    fault: Option<Fault>,
) -> Result<(End, Vec<String>)> {
    let account = &stage.aws.account;
    let before = settled(stage).await?;
    local.proxy.record(account, fault);
    let end = push(stage, course, &before).await?;
    // An effect that comes late must not come after the end of the lease and change what the end was.
    while local.proxy.pending(account) > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let after = State::read(stage).await?;
    let violations = violations(course, &before, &after, &end);
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
async fn push(stage: &Stage, course: Course, before: &State) -> Result<End> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let build = format!("v2.{}.0", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut follow = Follow::new(stage, relay::push(stage, &build).await?);
    if course == Course::Rollback {
        follow.wait("Watch").await?;
        let active = before.active.clone().map_err(anyhow::Error::msg)?;
        let published = publish_errors(stage, active.other()).await;
        published.context("cannot publish metrics")?;
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
        // A success is a release, and the rules show it.
        let previous = before.active.as_ref().ok();
        let flipped = previous.map(|active| active.other()) == after.active.clone().ok();
        let released = word(end) == "released" && phase == Some(Phase::Stable) && flipped;
        if course == Course::Rollback || !released {
            let word = word(end);
            violations.push(format!(
                "I5: {word} {phase:?}, the rules flipped: {flipped}"
            ));
        }
    } else {
        violations.extend(failure(before, after, end, phase));
    }
    if end.entered("Flip traffic") && !end.entered("Smoke test passed?") {
        violations.push("I3: flipped without a smoke test".to_owned());
    }
    violations
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
