//! An alarm at each share: everything goes back to the previous environment in one write of each rule (I4, I6).

use crate::common::{alarm_event, deliver, local, on_a_stage, put, result, settled};
use anyhow::{Context, Result, ensure};
use chrono::Utc;
use rehearsal::follow::Follow;
use rehearsal::proxy::places;
use rehearsal::relay;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::json;
use shared::Environment::{Blue, Green};
use std::sync::Arc;
use std::time::Instant;

/// Shares, and steps that leave the traffic there.
const STAY: [(u64, &str); 3] = [
    (10, "10:600,100:1"),
    (50, "10:1,50:600,100:1"),
    (100, "10:1,100:600"),
];

/// A release up to a share, at which these steps leave the traffic.
pub async fn at<'a>(stage: &'a Stage, build: &str, share: u64, steps: &str) -> Result<Follow<'a>> {
    put(stage, build).await?;
    let request = json!({"tag": build, "traffic": steps});
    let mut follow = Follow::new(stage, relay::request(stage, &request).await?);
    follow.wait_for_share(share).await?;
    let state = State::read(stage).await?;
    ensure!(state.agrees(), "{:?}", (state.actions, state.record));
    Ok(follow)
}

/// Given a release at each of its shares
/// When an alarm of the new environment goes off, and comes again
/// Then one write for each rule makes it what it was before, to the letter, and the second delivery writes nothing.
#[test]
fn an_alarm_flips_back_at_every_share_in_one_write() {
    let shadow = [("VerdictMode", "shadow")];
    on_a_stage(&shadow, async |stage: Arc<Stage>| {
        let before = State::read(&stage).await?;
        for (share, steps) in STAY {
            let build = format!("v1.{share}.0");
            let follow = at(&stage, &build, share, steps).await?;
            let to_green = State::read(&stage).await?.to_green;
            assert_eq!(to_green, i32::try_from(share).ok());
            flips_back(&stage, share).await.context(build)?;
            let end = follow.quiet_end().await?;
            assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
            let after = settled(&stage, Blue).await?;
            assert_eq!(after.actions, before.actions, "at {share} %");
        }
        Ok(())
    });
}

async fn flips_back(stage: &Stage, share: u64) -> Result<()> {
    let alarm = alarm_event(stage, Green, Utc::now()).await?;
    local().proxy.record(&stage.aws.account, None);
    let began = Instant::now();
    assert_eq!(deliver(stage, &alarm).await?, "flipped-back");
    let took = began.elapsed().as_secs_f64();
    let written = writes(stage);
    assert_eq!(deliver(stage, &alarm).await?, "already-flipped-back");
    let rules = stage.rules().count();
    assert_eq!((written, writes(stage)), (rules, rules));
    println!(
        "shares: an alarm at {share} % flipped back in {took:.2} s, {written} writes for {rules} rules"
    );
    Ok(())
}

/// Writes of rules since the tape began.
fn writes(stage: &Stage) -> usize {
    let calls = places(&local().proxy.calls(&stage.aws.account));
    calls
        .iter()
        .filter(|it| it.operation == "ModifyRule")
        .count()
}
