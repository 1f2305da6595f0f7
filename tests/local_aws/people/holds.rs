//! Holds: before the flip, between a step and its flip, against a resume at the same time, and for as long as they may last.

use super::{AT_GATE, IN_WATCH, both, events_of, refused, taken, word};
use crate::common::{deployed, held, hold, let_go, live, on_a_stage, result, settled};
use anyhow::{Result, bail, ensure};
use rehearsal::follow::{End, Follow};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Two steps as short as the polls allow, and less than two minutes of holds.
const STEPS: [(&str, &str); 3] = [
    ("TrafficSteps", "10:1,100:1"),
    ("VerdictMode", "shadow"),
    ("HoldTimeoutSeconds", "100"),
];

/// Given a release in two steps
/// When it is held while it is deployed, held again, and resumed
/// Then it waits before its flip, and goes on.
/// When it is held after its first step was recorded and before the flip that follows
/// Then the share does not grow, although its flip had begun.
/// When it is resumed and held at the same time
/// Then it goes on in the end: both words are taken in some order, and no hold outlasts its time.
#[test]
fn a_hold_stops_what_comes_next_and_ends_by_itself() {
    on_a_stage(&STEPS, async |stage: Arc<Stage>| {
        let mut release = deployed(&stage, "v1.1.0").await?;
        let name = before_the_flip(&stage, &mut release).await?;
        between_step_and_flip(&stage, &mut release, &name).await?;
        let end = both_at_once(&stage, release, &name).await?;
        let shares: Vec<u64> = end.shares().iter().map(|(share, _)| *share).collect();
        ensure!(shares == [10, 100], "{shares:?}");
        refused(&stage, word("resume", &name), "").await?;
        settled(&stage, Green).await.map(drop)
    });
}

async fn before_the_flip(stage: &Stage, release: &mut Follow<'_>) -> Result<String> {
    let name = release.release().to_owned();
    refused(stage, word("resume", &name), "").await?;
    refused(stage, word("hold", "another"), "").await?;
    taken(stage, word("hold", &name), "held").await?;
    taken(stage, word("hold", &name), "held").await?;
    let_go(stage);
    release.wait(AT_GATE).await?;
    ensure!(State::read(stage).await?.active == Ok(Blue));
    refused(stage, word("finish", &name), "").await?;
    // The flip to all of the traffic stands still from its first write on.
    hold(stage, "Flip", 1, "TransactWriteItems", 0);
    taken(stage, word("resume", &name), "resumed").await?;
    ensure!(events_of(stage, "awaits-approval", &name).await? == 0);
    Ok(name)
}

async fn between_step_and_flip(stage: &Stage, release: &mut Follow<'_>, name: &str) -> Result<()> {
    held(stage).await?;
    taken(stage, word("hold", name), "held").await?;
    let_go(stage);
    release.wait(IN_WATCH).await?;
    let state = State::read(stage).await?;
    ensure!(state.to_green == Some(10), "{:?}", state.actions);
    ensure!(state.agrees(), "{:?}", state.record);
    Ok(())
}

async fn both_at_once(stage: &Stage, release: Follow<'_>, name: &str) -> Result<End> {
    let words = ["resume", "hold"].map(|action| word(action, name));
    let [resume, again] = both(stage, words.each_ref()).await?;
    match [result(&resume), result(&again)] {
        ["resumed", "held" | "DecisionRefused"] => {}
        found => bail!("{found:?}: {resume:?}, {again:?}"),
    }
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "released", "{end:?}");
    ensure!(live(stage).await? == "v1.1.0");
    Ok(end)
}
