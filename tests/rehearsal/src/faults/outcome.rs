//! The outcome of one run: push, let the fault strike, wait for the end, and check the invariants.

use super::course::{ALARM, Course};
use super::explained;
use super::people;
use super::runs::{Recording, Run, Strike};
use crate::follow::{End, Follow};
use crate::metrics::publish_errors;
use crate::proxy::Kind;
use crate::relay;
use crate::stage::{Local, Stage};
use crate::state::State;
use anyhow::{Context, Result, ensure};
use aws_sdk_cloudwatch::types::{ComparisonOperator, StateValue, Statistic};
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::Utc;
use record::Phase;
use serde_json::json;
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

/// Runs a course without a fault, and gives what it did.
pub async fn record(local: &Local, stage: &Stage, course: Course) -> Result<Recording> {
    let (end, violations) = ended(local, stage, course, None).await?;
    ensure!(violations.is_empty(), "without any fault: {violations:?}");
    Ok(Recording {
        course,
        calls: local.proxy.calls(&stage.aws.account),
        states: end.states,
    })
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
    let (end, mut violations) = ended(local, stage, run.course, Some(run)).await?;
    let (struck, passes) = match &run.strike {
        Strike::Call(fault) => {
            let struck = local.proxy.struck(&stage.aws.account);
            let passes = !matches!(fault.kind, Kind::Refused | Kind::Denied);
            (struck, passes && !run.course.rolls_back())
        }
        Strike::Task(_) => (stage.task_failed().await?, false),
    };
    if !struck {
        violations.push("the fault never struck: the call or task was not reached".to_owned());
    }
    if run.warns() && !warned(&end) {
        violations.push(format!("no warning of the event: {:?}", end.output));
    }
    let expected = run.end().or(passes.then_some("released"));
    if let Some(expected) = expected.filter(|expected| word(&end) != *expected) {
        let cause = &end.cause;
        violations.push(format!("expected the end {expected}, the cause is {cause}"));
    }
    Ok((end, violations))
}

/// Whether an output says that an event is missing. A failure has no output.
fn warned(end: &End) -> bool {
    let warnings = end.output["warnings"].to_string();
    end.status != ExecutionStatus::Succeeded || warnings.contains("EventBridge did not accept")
}

/// The end of a course, and what is not as it should be after it.
async fn ended(
    local: &Local,
    stage: &Stage,
    course: Course,
    run: Option<&Run>,
) -> Result<(End, Vec<String>)> {
    let account = &stage.aws.account;
    let before = settled(stage).await?;
    let fault = match run.map(|run| &run.strike) {
        Some(Strike::Call(fault)) => Some(fault.clone()),
        Some(Strike::Task(state)) => {
            stage.fail_task(state, "States.Timeout", "").await?;
            None
        }
        None => None,
    };
    local.proxy.record(account, fault);
    let end = push(stage, course, &before).await?;
    // An effect that comes late must not come after the end of the lease and change what the end was.
    while local.proxy.pending(account) > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let times_out = |state| run.is_some_and(|run| run.times_out(Course::Rollback, state));
    let mut after = State::read(stage).await?;
    let told = !run.is_some_and(Run::silences);
    let missing = explained::missing(stage, &end, &after, told).await?;
    if times_out("Flip back") {
        // Nobody could flip back, and a person is asked to.
        flip_back(stage).await?;
        after = State::read(stage).await?;
    }
    if times_out("Record rollback") {
        // The next release takes the record over.
        after
            .record
            .holder
            .take_if(|it| it.as_str() == end.execution);
    }
    let mut violations = violations(course, &before, &after, &end);
    violations.extend(missing);
    Ok((end, violations))
}

/// An operator's rollback.
async fn flip_back(stage: &Stage) -> Result<()> {
    let request = json!({"action": "rollback", "reason": "it was not flipped back"});
    let follow = Follow::new(stage, relay::request(stage, &request).await?);
    let end = follow.quiet_end().await?;
    ensure!(word(&end) == "rolled back", "{}", end.describe());
    Ok(())
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

/// Pushes the next build. If the course says so it is broken: CloudWatch has its errors before the first poll, or at its
/// first step, whose verdict takes minutes, an alarm goes off.
async fn push(stage: &Stage, course: Course, before: &State) -> Result<End> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let build = format!("v2.{}.0", NEXT.fetch_add(1, Ordering::Relaxed));
    if course == Course::Rollback {
        let active = before.active.clone().map_err(anyhow::Error::msg)?;
        let published = publish_errors(stage, active.other()).await;
        published.context("cannot publish metrics")?;
    }
    if course == Course::CanaryRollback {
        alarm(stage, StateValue::Ok).await?;
    }
    let mut follow = Follow::new(stage, relay::push(stage, &build).await?);
    if course == Course::CanaryRollback {
        follow.wait("Watch").await?;
        alarm(stage, StateValue::Alarm).await?;
    }
    if course == Course::People {
        follow.wait("Wait for approval").await?;
        // A gate that cannot be opened ends its release.
        if follow.has_entered("Wait for approval") {
            people::decide(stage, follow.release()).await?;
        }
    }
    follow.quiet_end().await
}

/// Makes the alarm that judges, if there is none, and gives it a state.
async fn alarm(stage: &Stage, state: StateValue) -> Result<()> {
    let cloudwatch = stage.aws.cloudwatch();
    let call = cloudwatch.put_metric_alarm().alarm_name(ALARM);
    let call = call.namespace("Shop").metric_name("Latency").period(60);
    let call = call.statistic(Statistic::Maximum).evaluation_periods(1);
    let above = ComparisonOperator::GreaterThanThreshold;
    let call = call.comparison_operator(above).threshold(1.0);
    call.send().await.context("cannot make an alarm")?;
    let call = cloudwatch.set_alarm_state().alarm_name(ALARM);
    let call = call.state_value(state).state_reason("p99 of 3 s");
    call.send().await.context("cannot set an alarm")?;
    Ok(())
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
        if course.rolls_back() || !released {
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
    violations
}
