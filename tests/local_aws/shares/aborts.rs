//! An execution that is stopped, or whose time is over, in every state and at every step: traffic is where it was before,
//! the record is closed and says why, and the next push goes on (I1, I4, I5, I12).

use super::SHORT;
use super::moments::{ALL_AT_ONCE, FLIPPED_BACK, How, IN_STEPS, Moment};
use crate::common::{hold_events, live, on_the_local_aws, push, release, result, stage_with};
use anyhow::{Context, Result, ensure};
use record::Phase;
use rehearsal::metrics::publish_errors;
use rehearsal::relay::stopped::{lose_events, tick};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Lambda delivers an event again after a minute and after two more; the schedule would be later.
const CLOSED_WITHIN: Duration = Duration::from_secs(300);

/// Who finds out that the execution has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finder {
    /// The event of its end.
    Event,
    /// The schedule, where that event was lost.
    Schedule,
    /// The next request, where both were lost.
    Request,
}
const FINDERS: [Finder; 3] = [Finder::Event, Finder::Schedule, Finder::Request];

/// What a stage tries, one moment after the other.
#[derive(Clone, Debug)]
struct Story {
    /// Whether its releases shift traffic in steps.
    steps: bool,
    /// Whether its verdicts flip back.
    fails: bool,
    finder: Finder,
    moments: Vec<Moment>,
}

/// Each finder gets a third of the moments, on `stages` stages.
fn stories(moments: &[Moment], stages: usize, steps: bool, fails: bool) -> Vec<Story> {
    let share = |nth: usize| Story {
        steps,
        fails,
        finder: FINDERS[nth % FINDERS.len()],
        moments: moments.iter().skip(nth).step_by(stages).copied().collect(),
    };
    (0..stages).map(share).collect()
}

#[test]
fn wherever_an_execution_ends_traffic_is_flipped_back_and_the_next_push_goes_on() {
    let ends = on_the_local_aws(async {
        let mut all = stories(&IN_STEPS, 6, true, false);
        all.extend(stories(&ALL_AT_ONCE, 6, false, false));
        all.extend(stories(&FLIPPED_BACK, 2, false, true));
        futures::future::join_all(all.into_iter().map(run)).await
    });
    let failed: Vec<_> = ends.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

async fn run(story: Story) -> Result<()> {
    let stage = stage_with(if story.steps { &SHORT } else { &[] }).await;
    if story.finder != Finder::Event {
        lose_events(&stage).await?;
    }
    for (round, moment) in story.moments.iter().enumerate() {
        let ended = end(&stage, &story, *moment, round).await;
        ended.with_context(|| format!("{moment:?} {:?} steps: {}", story.finder, story.steps))?;
    }
    hold_events(&stage).await
}

async fn end(stage: &Arc<Stage>, story: &Story, moment: Moment, round: usize) -> Result<()> {
    let before = State::read(stage).await?;
    if story.fails {
        let active = before.active.clone().map_err(anyhow::Error::msg)?;
        publish_errors(stage, active.other()).await?;
    }
    moment.prepare(stage);
    let follow = push(stage, &format!("v2.{round}.0")).await?;
    let how = [How::Aborted, How::TimedOut][round % 2];
    let execution = moment.end(stage, follow, how).await?;
    if story.finder != Finder::Request && !moment.may_claim_later() {
        closed(stage, story.finder).await?;
        back(stage, &before, &execution).await?;
    }
    let must_be_said = has_stopped(&State::read(stage).await?, &execution);
    let next = format!("v3.{round}.0");
    let end = release(stage, &next).await?;
    // The errors of a flip back may still count against the release after it.
    ensure!(result(&end) == "released" || story.fails, "{end:?}");
    let state = State::read(stage).await?;
    ensure!(state.violations().is_empty(), "{:?}", state.violations());
    ensure!(live(stage).await? == next || story.fails);
    let warnings = end.output["warnings"].to_string();
    let said = said(stage, &execution, how, &warnings).await?;
    // A flip back that had begun has a reason of its own.
    let explained = said || !must_be_said || story.fails;
    ensure!(explained, "nobody says that {execution} ended: {end:?}");
    Ok(())
}

/// Whether the record's release is of an execution, which has not released it.
fn has_stopped(state: &State, execution: &str) -> bool {
    let release = state.record.release.as_ref();
    let ours = release.filter(|it| execution.ends_with(it.id.as_str()));
    ours.is_some_and(|it| it.phase != Phase::Stable)
}

/// Waits until nobody holds the record any more.
async fn closed(stage: &Stage, finder: Finder) -> Result<()> {
    let began = Instant::now();
    while let Some(holder) = State::read(stage).await?.record.holder {
        ensure!(began.elapsed() < CLOSED_WITHIN, "{holder} still holds it");
        if finder == Finder::Schedule {
            tick(stage).await?;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// Traffic is where it was before, to the letter, unless the release was stable already.
async fn back(stage: &Stage, before: &State, execution: &str) -> Result<()> {
    let state = State::read(stage).await?;
    ensure!(state.violations().is_empty(), "{:?}", state.violations());
    let claimed = state.record.release != before.record.release;
    let (found, was) = (&state.actions, &before.actions);
    let stable = claimed && !has_stopped(&state, execution);
    ensure!(stable || found == was, "before {was:?}, now {found:?}");
    Ok(())
}

/// Whether the history says how an execution ended, or the next release's warnings that it was abandoned.
async fn said(stage: &Stage, execution: &str, how: How, warnings: &str) -> Result<bool> {
    let id = execution.rsplit(':').next().unwrap_or_default();
    let reasons = stage.recorded_reasons(id).await?;
    let status = format!("was {}", how.status());
    let recorded = reasons.iter().any(|reason| reason.contains(&status));
    Ok(recorded || warnings.contains(&format!("release {id} was abandoned")))
}
