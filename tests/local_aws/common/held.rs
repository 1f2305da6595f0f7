//! Releases that stand still while a story does something: what a function has asked AWS for waits, and the function with
//! it.

use super::{local, push};
use anyhow::{Result, ensure};
use rehearsal::follow::Follow;
use rehearsal::proxy::{Fault, Kind, Target};
use rehearsal::stage::Stage;
use std::time::{Duration, Instant};

/// Until a release gets to a call; a busy machine needs a minute.
const REACHED_WITHIN: Duration = Duration::from_secs(300);

/// The calls of the account's functions wait at this one, from now on.
pub fn hold(stage: &Stage, function: &str, invocation: usize, operation: &str, call: usize) {
    let target = Target {
        function: function.to_owned(),
        invocation,
        operation: operation.to_owned(),
        call,
    };
    let kind = Kind::Held;
    let fault = Some(Fault { target, kind });
    local().proxy.record(&stage.aws.account, fault);
}

/// Waits until a call is held.
///
/// # Errors
/// None is within 5 minutes.
pub async fn held(stage: &Stage) -> Result<()> {
    let began = Instant::now();
    while local().proxy.pending(&stage.aws.account) == 0 {
        ensure!(began.elapsed() < REACHED_WITHIN, "no call was held");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Lets the held call go on, and with it the release.
pub fn let_go(stage: &Stage) {
    local().proxy.let_go(&stage.aws.account);
}

/// Pushes a build whose release stands still at the first look at its deployment, before smoke test and flip.
///
/// # Errors
/// It does not get there.
pub async fn deployed<'a>(stage: &'a Stage, build: &str) -> Result<Follow<'a>> {
    hold(stage, "Deploy", 1, "DescribeServices", 0);
    let follow = push(stage, build).await?;
    held(stage).await?;
    Ok(follow)
}
