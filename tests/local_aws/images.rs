//! Which images are let in: by their scan, by their signature, by a verifier of the team's own. No answer lets none in.

mod scans;
mod signatures;
mod verifier;

use crate::common::{live, release, result, settled};
use anyhow::{Result, ensure};
use rehearsal::follow::End;
use rehearsal::stage::Stage;
use shared::Environment::Blue;

/// A push of a build ends with this error and a cause that contains all of `says`, before anything was touched or claimed.
async fn refused(stage: &Stage, build: &str, says: &[&str]) -> Result<End> {
    let before = stage.services().await?;
    let end = release(stage, build).await?;
    ensure!(result(&end) == "ReleaseRefused", "{build}: {end:?}");
    let missing = says.iter().find(|text| !end.cause.contains(**text));
    ensure!(
        missing.is_none(),
        "{build}: no {missing:?} in {}",
        end.cause
    );
    ensure!(!end.entered("Register task definition"), "{end:?}");
    ensure!(
        stage.services().await? == before,
        "{build}: a service changed"
    );
    Ok(end)
}

/// A push of a build fails so while it is deployed, and all customers are where they were.
async fn stays(stage: &Stage, end: &End, error: &str, says: &str) -> Result<()> {
    ensure!(result(end) == error && end.cause.contains(says), "{end:?}");
    ensure!(end.entered("Deploy to idle environment"), "{end:?}");
    ensure!(!end.entered("Flip traffic"), "{end:?}");
    ensure!(live(stage).await? == "v1.0.0");
    settled(stage, Blue).await.map(drop)
}
