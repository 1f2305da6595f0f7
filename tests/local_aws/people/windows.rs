//! A window for releases: outside of it pushes wait, and inside it the newest one is released by itself.

use crate::common::{execute, live, on_a_stage, push, put, result, settled};
use anyhow::ensure;
use chrono::{DurationRound, TimeDelta, Timelike, Utc};
use rehearsal::stage::Stage;
use serde_json::json;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// A stage is built within minutes, on a busy machine too.
const OPENS_IN: TimeDelta = TimeDelta::minutes(4);

/// How many minutes more it is open.
const MINUTES: u32 = 29;

/// The minutes of each hour in which a window is open that opens in this one.
fn minutes(first: u32) -> String {
    match (first + MINUTES).checked_sub(60) {
        Some(last) => format!("{first}-59,0-{last}"),
        None => format!("{first}-{}", first + MINUTES),
    }
}

/// Given a window that opens in a few minutes
/// When an operator requests a release, and an image is pushed
/// Then the request is refused unless it says why it cannot wait, and the push waits.
/// When the window opens
/// Then the push is released by itself.
#[test]
fn outside_of_the_window_pushes_wait_for_it() {
    let opens = Utc::now() + OPENS_IN;
    let opens = opens.duration_trunc(TimeDelta::minutes(1));
    let opens = opens.expect("a whole minute");
    let window = format!("{} * * * *", minutes(opens.minute()));
    on_a_stage(&[("ReleaseWindow", &window)], async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        let end = execute(&stage, json!({"tag": "v1.1.0"})).await?;
        ensure!(result(&end) == "ReleaseRefused", "{end:?}");
        ensure!(end.cause.contains("override"), "{}", end.cause);
        let mut release = push(&stage, "v1.2.0").await?;
        release.wait("Wait for the release in progress").await?;
        let event = stage.inbox.event("held-back").await?;
        ensure!(event.is_of(release.execution()), "{event:?}");
        ensure!(live(&stage).await? == "v1.0.0" && Utc::now() < opens);
        settled(&stage, Blue).await?;
        let end = release.quiet_end().await?;
        ensure!(result(&end) == "released", "{end:?}");
        let deployed = end.entered_since("Deploy to idle environment", opens);
        ensure!(deployed == 1, "{end:?}");
        settled(&stage, Green).await.map(drop)
    });
}
