//! A gate before each step and before the end: with a share of the traffic on the new version, everything is watched on.

use super::{AT_GATE, IN_WATCH, is_told, refused, taken, word, word_for};
use crate::common::{go_off, on_a_stage, push, result, settled};
use anyhow::{Result, ensure};
use rehearsal::follow::{End, Follow};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Gates that open by themselves after a minute.
const GATES: [(&str, &str); 5] = [
    ("ApprovalBefore", "each-step,finish"),
    ("ApprovalTimeoutSeconds", "60"),
    ("WhenNotApproved", "approve"),
    ("TrafficSteps", "10:1,100:1"),
    ("VerdictMode", "shadow"),
];

/// Given a release in two steps, with a gate before each of them and before its end, each of which opens by itself after a
/// minute
/// When the first is approved, and that approval comes once more at the second
/// Then it does not open that one; time does, with the share as it was until then, and an approval opens the third.
/// When an alarm goes off while the next release waits at its second gate
/// Then it is flipped back, and the approval that comes after that changes nothing.
#[test]
fn each_step_waits_for_a_word_of_its_own() {
    on_a_stage(&GATES, async |stage: Arc<Stage>| {
        let end = all_gates(&stage).await?;
        let shares: Vec<u64> = end.shares().iter().map(|(share, _)| *share).collect();
        ensure!(shares == [10, 100], "{shares:?}");
        settled(&stage, Green).await?;

        let release = at_second_gate(&stage, "v1.2.0").await?;
        let name = release.release().to_owned();
        ensure!(go_off(&stage, Blue).await? == "flipped-back");
        refused(&stage, word("approve", &name), "").await?;
        let end = release.quiet_end().await?;
        ensure!(result(&end) == "ReleaseRolledBack", "{end:?}");
        refused(&stage, word("approve", &name), "").await?;
        settled(&stage, Green).await.map(drop)
    });
}

/// A release that waits with a tenth of the traffic.
async fn at_second_gate<'a>(stage: &'a Stage, build: &str) -> Result<Follow<'a>> {
    let mut release = push(stage, build).await?;
    release.wait(AT_GATE).await?;
    let first = word_for("approve", release.release(), "flip to 10 %");
    taken(stage, first, "approved").await?;
    release.wait(IN_WATCH).await?;
    let name = release.release().to_owned();
    is_told(stage, &name, "flip to 100 %").await?;
    Ok(release)
}

async fn all_gates(stage: &Stage) -> Result<End> {
    let mut release = at_second_gate(stage, "v1.1.0").await?;
    let name = release.release().to_owned();
    let first = word_for("approve", &name, "flip to 10 %");
    refused(stage, first, "flip to 100 %").await?;
    let state = State::read(stage).await?;
    ensure!(state.to_green == Some(10), "{:?}", state.actions);
    release.wait_for_share(100).await?;
    is_told(stage, &name, "finish").await?;
    taken(stage, word_for("approve", &name, "finish"), "approved").await?;
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "released", "{end:?}");
    Ok(end)
}
