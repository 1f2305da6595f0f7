//! Releases that a person stops: before the flip they have failed, after it they are rolled back, wherever they are.

use super::{AT_GATE, at_gate, both, events_of, refused, taken, word};
use crate::common::{live, on_a_stage, push, result, settled};
use anyhow::{Context, Result, bail, ensure};
use record::Phase;
use rehearsal::follow::Follow;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::Blue;
use std::sync::Arc;

/// A gate before the flip, then ten minutes with a tenth of the traffic. What an execution leaves that somebody stops at
/// the console stays: a person's word for it is another matter.
const SLOW: [(&str, &str); 4] = [
    ("ApprovalBefore", "flip"),
    ("TrafficSteps", "10:600,100:600"),
    ("VerdictMode", "shadow"),
    ("WhenStopped", "leave"),
];

/// Given a stack that leaves what a stopped execution has flipped
/// When a release is stopped by a person: while it waits for tasks, at its gate, and with a tenth of the traffic
/// Then its execution ends, traffic is where it was before, the record says who stopped it and why, and neither the same
/// word again nor one for another release does anything.
/// When one is approved and stopped at the same time
/// Then it is stopped.
#[test]
fn a_release_is_stopped_wherever_it_is() {
    on_a_stage(&SLOW, async |stage: Arc<Stage>| {
        let before = State::read(&stage).await?;
        let mut release = push(&stage, "v1.1.0").await?;
        release.wait("Register task definition").await?;
        refused(&stage, word("stop", "another"), "").await?;
        stopped(&stage, release, Phase::Failed).await?;
        let release = at_gate(&stage, "v1.2.0").await?;
        stopped(&stage, release, Phase::Failed).await?;
        let mut release = at_gate(&stage, "v1.3.0").await?;
        taken(&stage, word("approve", release.release()), "approved").await?;
        release.wait_for_share(10).await?;
        stopped(&stage, release, Phase::RolledBack).await?;
        ensure!(State::read(&stage).await?.actions == before.actions);
        // Nobody is asked for it again.
        let again = push(&stage, "v1.3.0").await?.quiet_end().await?;
        ensure!(result(&again) == "nothing to release", "{again:?}");
        approved_and_stopped(&stage).await
    });
}

/// Stops a release, twice; in this phase it is afterwards.
async fn stopped(stage: &Stage, release: Follow<'_>, phase: Phase) -> Result<()> {
    let name = release.release().to_owned();
    taken(stage, word("stop", &name), "stopped").await?;
    ended(stage, release, phase).await?;
    let words = word("stop", &name);
    let again = crate::common::execute(stage, words).await?;
    ensure!(
        ["stopped", "DecisionRefused"].contains(&result(&again)),
        "{again:?}"
    );
    ensure!(events_of(stage, "decided", &name).await? <= 2, "told again");
    Ok(())
}

async fn ended(stage: &Stage, release: Follow<'_>, phase: Phase) -> Result<()> {
    let name = release.release().to_owned();
    let end = release.quiet_end().await?;
    ensure!(end.status.as_str() == "ABORTED", "{end:?}");
    ensure!(end.error == "StopRequested", "{end:?}");
    let state = settled(stage, Blue).await?;
    let release = state.record.release.context("no release")?;
    ensure!(
        release.id.as_str() == name && release.phase == phase,
        "{release:?}"
    );
    let reason = release.reason.unwrap_or_default();
    ensure!(reason.contains("ada has looked"), "{reason}");
    ensure!(live(stage).await? == "v1.0.0");
    Ok(())
}

async fn approved_and_stopped(stage: &Stage) -> Result<()> {
    let mut release = push(stage, "v1.4.0").await?;
    release.wait(AT_GATE).await?;
    let words = ["approve", "stop"].map(|action| word(action, release.release()));
    let [approve, stop] = both(stage, words.each_ref()).await?;
    match [result(&approve), result(&stop)] {
        ["approved" | "DecisionRefused", "stopped"] => {}
        found => bail!("{found:?}: {approve:?} {stop:?}"),
    }
    let end = release.quiet_end().await?;
    ensure!(end.status.as_str() == "ABORTED", "{end:?}");
    settled(stage, Blue).await.map(drop)
}
