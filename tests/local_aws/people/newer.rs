//! A newer push meets a release at its gate, and a gate at which nobody says anything.

use super::{AT_GATE, at_gate, refused, word};
use crate::common::{live, on_a_stage, push, result};
use anyhow::{Result, bail, ensure};
use rehearsal::follow::Follow;
use rehearsal::relay;
use rehearsal::stage::Stage;
use std::sync::Arc;

/// Given a stack in which a newer push replaces what waits at its gate, for a minute at most
/// When one waits behind a release, and somebody approves that release
/// Then it is too late: the release ends as superseded, and the newer one comes to its own gate.
/// When it is approved at the same time as an even newer push comes
/// Then one of both wins, and nothing in between.
/// When nobody says anything of the last one
/// Then it ends, customers never saw it, and an approval after that is refused.
#[test]
fn a_newer_push_replaces_a_release_at_its_gate_and_silence_rejects_it() {
    let parameters = [
        ("ApprovalBefore", "flip"),
        ("WhenNewerPushed", "replace"),
        ("ApprovalTimeoutSeconds", "60"),
    ];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        let first = at_gate(&stage, "v1.1.0").await?;
        let mut second = push(&stage, "v1.2.0").await?;
        second.wait("What to do?").await?;
        refused(&stage, word("approve", first.release()), "newer").await?;
        let end = first.quiet_end().await?;
        ensure!(result(&end) == "ReleaseSuperseded", "{end:?}");
        second.wait(AT_GATE).await?;
        let last = at_the_same_time(&stage, second).await?;
        silence(&stage, last).await
    });
}

/// Approves a release at its gate while a newer image is pushed; the release that is at the gate then.
async fn at_the_same_time<'a>(stage: &'a Stage, release: Follow<'a>) -> Result<Follow<'a>> {
    let approve = word("approve", release.release());
    let (newer, approve) = (push(stage, "v1.3.0"), relay::request(stage, &approve));
    let (mut newer, approve) = futures::future::try_join(newer, approve).await?;
    let approve = Follow::new(stage, approve).quiet_end().await?;
    let end = release.quiet_end().await?;
    match [result(&approve), result(&end)] {
        ["approved", "released"] | ["DecisionRefused", "ReleaseSuperseded"] => {}
        found => bail!("{found:?}: {approve:?}, {end:?}"),
    }
    newer.wait(AT_GATE).await?;
    Ok(newer)
}

async fn silence(stage: &Stage, release: Follow<'_>) -> Result<()> {
    let name = release.release().to_owned();
    let before = live(stage).await?;
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "ApprovalTimedOut", "{end:?}");
    ensure!(live(stage).await? == before);
    refused(stage, word("approve", &name), "").await?;
    Ok(())
}
