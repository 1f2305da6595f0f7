//! A shop that always fails 0.2 % of its requests: no reason to flip back, and no excuse for more.

use super::verdict;
use crate::common::{PATIENT, on_a_stage, push, result};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use rehearsal::follow::End;
use rehearsal::metrics::{Sample, publish};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Requests a minute.
const TRAFFIC: u64 = 6_000;

/// Releases, and publishes blue's hour before the flip and green's first minute with so many errors, at once. Until then
/// there is no verdict.
async fn release(stage: &Stage, errors: u64) -> Result<End> {
    let mut follow = push(stage, "v1.1.0").await?;
    follow.wait("Watch").await?;
    let release = State::read(stage).await?.record.release;
    let flipped_at = release.and_then(|it| it.flipped_at).context("no flip")?;
    let hour = (1..=60).map(|it| flipped_at - TimeDelta::minutes(it));
    // Chance never spreads them evenly: 10, 12 or 14 a minute.
    let usual = (0..).map(|it| 10 + it % 3 * 2);
    let hour = hour.zip(usual);
    let hour = hour.map(|(at, errors)| Sample::of(Blue, TRAFFIC, errors, at));
    let minute = Sample::of(Green, TRAFFIC, errors, flipped_at);
    publish(stage, hour.chain([minute])).await?;
    follow.quiet_end().await
}

/// Given an hour of 0.2 % errors in the previous environment
/// When the new one has as many, which are more than ten
/// Then the release is healthy, and the verdict shows what the baseline explains.
#[test]
fn errors_as_usual_keep_a_release() {
    on_a_stage(&[PATIENT], async |stage: Arc<Stage>| {
        let end = release(&stage, 15).await?;
        assert_eq!(
            (result(&end), verdict(&end)),
            ("released", "healthy"),
            "{end:?}"
        );
        let numbers = &end.output["verdict"]["numbers"];
        let compared = &numbers["target5xx"];
        assert_eq!(
            (&compared["errors"], &compared["of"]),
            (&15.0.into(), &6_000.0.into()),
            "{numbers}"
        );
        assert!(
            compared["explained"]
                .as_f64()
                .is_some_and(|it| (11.9..12.1).contains(&it)),
            "{numbers}"
        );
        let minutes = &numbers["baseline"]["minutes"];
        assert_eq!(*minutes, 60, "{numbers}");
        Ok(())
    });
}

/// Given an hour of 0.2 % errors in the previous environment
/// When the new one fails 1 %
/// Then the release is flipped back, and the cause gives the comparison.
#[test]
fn a_jump_from_a_fifth_of_a_percent_to_one_flips_back() {
    on_a_stage(&[PATIENT], async |stage: Arc<Stage>| {
        let end = release(&stage, 60).await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        let comparison = "target 5xx 60 in 6000 requests: 48.0 more than the 12.0 that the baseline explains, p = ";
        assert!(end.cause.contains(comparison), "{}", end.cause);
        Ok(())
    });
}
