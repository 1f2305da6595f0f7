//! The watch on the local AWS: what tells that a release is bad, and what becomes of one that nothing can prove.
//!
//! The stories here need little traffic: most of them tell CloudWatch by themselves what a load balancer would.

mod alarms;
mod baseline;
mod silence;

use anyhow::Result;
use rehearsal::follow::{End, Follow};
use rehearsal::relay;
use rehearsal::stage::Stage;

/// Pushes a build and delivers the event of it.
async fn push<'a>(stage: &'a Stage, build: &str) -> Result<Follow<'a>> {
    Ok(Follow::new(stage, relay::push(stage, build).await?))
}

/// The end's result, or its error.
fn word(end: &End) -> &str {
    end.output["result"].as_str().unwrap_or(&end.error)
}

/// Seconds from the flip to the last look of a release that was kept.
fn watched(end: &End) -> u64 {
    let seconds = &end.output["verdict"]["numbers"]["watchedSeconds"];
    seconds.as_u64().unwrap_or_default()
}

/// The verdict of a release that was kept.
fn verdict(end: &End) -> &str {
    end.output["verdict"]["verdict"]
        .as_str()
        .unwrap_or_default()
}

/// What a person is warned of.
fn warnings(end: &End) -> String {
    end.output["warnings"].to_string()
}
