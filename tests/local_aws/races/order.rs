//! The newest push wins, however the events come (I6, I8).

use anyhow::{Context, Result};
use chrono::{TimeDelta, Utc};
use local_aws::{live, on_a_stage, push, release, result, settled};
use rehearsal::follow::Follow;
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

/// Given three pushes within one second
/// Then at most one of the first two is released, the one between never, and the newest is live at the end.
#[test]
fn of_three_pushes_within_a_second_the_newest_is_live_at_the_end() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let (a, b, c) = (
            event(&stage, "v1.1.0", 0).await?,
            event(&stage, "v1.2.0", 0).await?,
            event(&stage, "v1.3.0", 0).await?,
        );
        let (a, b, c) = (
            start(&stage, &a).await?,
            start(&stage, &b).await?,
            start(&stage, &c).await?,
        );
        let ends = futures::future::try_join_all([a, b, c].map(Follow::quiet_end)).await?;
        let results: Vec<_> = ends.iter().map(result).collect();
        assert_eq!(results[1..], ["nothing to release", "released"], "{ends:?}");
        assert!(
            ends[1].output["reason"].to_string().contains("superseded"),
            "{ends:?}"
        );
        let released = results.iter().filter(|it| **it == "released").count();
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
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let mut first = push(&stage, "v1.1.0").await?;
        first.wait("Deploy to idle environment").await?;
        let second = release(&stage, "v1.2.0").await?;
        let first = first.quiet_end().await?;
        assert_eq!((result(&first), result(&second)), ("released", "released"));
        assert!(
            second
                .states
                .iter()
                .any(|it| it == "Wait for the release in progress")
        );
        settled(&stage, Blue).await?;
        assert_eq!(live(&stage).await?, "v1.2.0");
        Ok(())
    });
}
