//! The newest push wins, however the events come (I6, I8).

use crate::common::{UNHURRIED, live, on_a_stage, push, result, settled};
use anyhow::{Context, Result};
use chrono::{TimeDelta, Utc};
use rehearsal::follow::{End, Follow};
use rehearsal::relay::{deliver, image_action};
use rehearsal::stage::{REPOSITORY, Stage};
use serde_json::Value;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

async fn event(stage: &Stage, build: &str, seconds_ago: i64) -> Result<Value> {
    let digest = stage.registry.push(&stage.aws, REPOSITORY, build).await?;
    let at = Utc::now() - TimeDelta::seconds(seconds_ago);
    Ok(image_action(stage, &digest, Some(build), at))
}

async fn start<'a>(stage: &'a Stage, event: &Value) -> Result<Follow<'a>> {
    let execution = deliver(stage, event).await?.context("the rule matches")?;
    Ok(Follow::new(stage, execution))
}

/// Given three pushes at once
/// Then the newest is released and live at the end, and of the other two at most one is; the other one is superseded.
#[test]
fn of_three_pushes_at_once_the_newest_is_live_at_the_end() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let (a, b, c) = (
            event(&stage, "v1.1.0", 0).await?,
            event(&stage, "v1.2.0", 0).await?,
            event(&stage, "v1.3.0", 0).await?,
        );
        let (a, b, mut c) = (
            start(&stage, &a).await?,
            start(&stage, &b).await?,
            start(&stage, &c).await?,
        );
        // By then it is known to all that the newest is there.
        c.wait("What to do?").await?;
        stage.end_watch().await?;
        let ends = futures::future::try_join_all([a, b, c].map(Follow::quiet_end)).await?;
        let results: Vec<_> = ends.iter().map(result).collect();
        assert_eq!(results[2], "released", "{ends:?}");
        let superseded = |end: &&End| end.output["reason"].to_string().contains("superseded");
        let released = results.iter().filter(|it| **it == "released").count();
        let superseded = ends.iter().filter(superseded).count();
        assert_eq!(released + superseded, 3, "{ends:?}");
        assert!((1..=2).contains(&released), "{ends:?}");
        settled(&stage, if released == 1 { Green } else { Blue }).await?;
        assert_eq!(live(&stage).await?, "v1.3.0");
        Ok(())
    });
}

/// Given a release
/// When the event of an older push comes, and when its own event comes again
/// Then neither changes anything: not the rules, not the record, not the services.
#[test]
fn an_older_push_and_the_same_push_again_change_nothing() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let older = event(&stage, "v1.1.0", 60).await?;
        let newer = event(&stage, "v1.2.0", 0).await?;
        let end = start(&stage, &newer).await?.quiet_end().await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let before = settled(&stage, Green).await?;
        for (event, reason) in [(&older, "superseded"), (&newer, "delivered before")] {
            let end = start(&stage, event).await?.quiet_end().await?;
            assert_eq!(result(&end), "nothing to release", "{end:?}");
            assert!(end.output["reason"].to_string().contains(reason), "{end:?}");
            let after = settled(&stage, Green).await?;
            assert_eq!(
                (&after.record, &after.rules),
                (&before.record, &before.rules)
            );
        }
        assert_eq!(live(&stage).await?, "v1.2.0");
        Ok(())
    });
}

/// Given a release that is under way
/// When a newer image is pushed
/// Then it waits, and the release in flight is not cancelled.
#[test]
fn a_push_during_a_release_waits_until_it_ends() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let mut first = push(&stage, "v1.1.0").await?;
        first.wait("Deploy to idle environment").await?;
        let mut second = push(&stage, "v1.2.0").await?;
        second.wait("Wait for the release in progress").await?;
        stage.end_watch().await?;
        let (first, second) = (first.quiet_end().await?, second.quiet_end().await?);
        assert_eq!((result(&first), result(&second)), ("released", "released"));
        assert!(second.entered("Wait for the release in progress"));
        settled(&stage, Blue).await?;
        assert_eq!(live(&stage).await?, "v1.2.0");
        Ok(())
    });
}
