//! Freezes: no release begins, rollbacks work, and what was held back is not forgotten (I11).

use super::{both, status, taken};
use crate::common::{UNHURRIED, execute, live, on_a_stage, preview, push, put, result, settled};
use anyhow::{Result, ensure};
use chrono::{TimeDelta, Utc};
use rehearsal::follow::Follow;
use rehearsal::relay;
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment::{Blue, Green};
use std::sync::Arc;

fn freeze() -> Value {
    json!({"action": "freeze", "by": "ada", "reason": "the sale"})
}

fn unfreeze() -> Value {
    json!({"action": "unfreeze", "by": "ada", "reason": "it is over"})
}

/// Given a release in its watch, and a push that waits behind it
/// When the service is frozen
/// Then the release goes on to its end, and the push is held back; an operator is refused unless he says why it cannot
/// wait; a rollback works; a plan says what would be; the end of the freeze names what was held back.
#[test]
fn what_is_in_flight_goes_on_and_what_waits_is_held_back() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let mut first = push(&stage, "v1.1.0").await?;
        first.wait("Watch").await?;
        let mut second = push(&stage, "v1.2.0").await?;
        second.wait("Wait for the release in progress").await?;
        taken(&stage, freeze(), "frozen").await?;
        stage.end_watch().await?;
        let end = first.quiet_end().await?;
        ensure!(result(&end) == "released", "{end:?}");
        let end = second.quiet_end().await?;
        ensure!(result(&end) == "held back", "{end:?}");
        ensure!(live(&stage).await? == "v1.1.0");
        let found = status(&stage).await?.to_string();
        ensure!(
            found.contains("the sale") && found.contains("v1.2.0"),
            "{found}"
        );
        overridden(&stage).await?;
        let end = taken(&stage, unfreeze(), "unfrozen").await?;
        ensure!(end.output.to_string().contains("v1.3.0"), "{end:?}");
        taken(&stage, unfreeze(), "unfrozen").await?;
        let end = execute(&stage, json!({"tag": "v1.3.0"})).await?;
        ensure!(result(&end) == "released", "{end:?}");
        Ok(())
    });
}

/// What goes through a freeze: a rollback, and a request with an override.
async fn overridden(stage: &Stage) -> Result<()> {
    put(stage, "v1.2.1").await?;
    let plain = json!({"tag": "v1.2.1"});
    let end = execute(stage, plain.clone()).await?;
    ensure!(result(&end) == "ReleaseRefused", "{end:?}");
    ensure!(
        end.cause.contains("the sale") && end.cause.contains("override"),
        "{}",
        end.cause
    );
    let planned = preview(stage, plain).await?.to_string();
    ensure!(planned.contains("override"), "{planned}");
    let end = execute(
        stage,
        json!({"tag": "v1.2.1", "override": "it mends the till"}),
    )
    .await?;
    ensure!(result(&end) == "released", "{end:?}");
    ensure!(
        end.output["warnings"]
            .to_string()
            .contains("it mends the till"),
        "{end:?}"
    );
    let end = execute(stage, json!({"action": "rollback"})).await?;
    ensure!(result(&end) == "rolled back", "{end:?}");
    settled(stage, Green).await?;
    let end = push(stage, "v1.3.0").await?.quiet_end().await?;
    ensure!(result(&end) == "held back", "{end:?}");
    Ok(())
}

/// Given a stack that releases the newest push by itself once a freeze is over
/// When two are pushed in a freeze that ends by itself
/// Then the older one is superseded, and the newer one is released.
/// When freeze and unfreeze are said at the same time, and freeze again
/// Then the later word counts: the next push waits until somebody says that it is over.
#[test]
fn after_a_freeze_the_newest_push_is_released_by_itself() {
    on_a_stage(&[("AfterFreeze", "release")], async |stage: Arc<Stage>| {
        let mut until = freeze();
        until["until"] = json!(Utc::now() + TimeDelta::seconds(60));
        let freeze_ends = Follow::new(&stage, relay::request(&stage, &until).await?);
        stage.inbox.event("decided").await?;
        let mut older = push(&stage, "v1.1.0").await?;
        older.wait("Wait for the release in progress").await?;
        let newer = push(&stage, "v1.2.0").await?;
        stage.inbox.event("held-back").await?;
        let older = older.quiet_end().await?;
        ensure!(older.output.to_string().contains("superseded"), "{older:?}");
        let end = newer.quiet_end().await?;
        ensure!(result(&end) == "released", "{end:?}");
        let end = freeze_ends.quiet_end().await?;
        ensure!(result(&end) == "unfrozen", "{end:?}");
        settled(&stage, Green).await?;
        opposite(&stage).await
    });
}

async fn opposite(stage: &Stage) -> Result<()> {
    let [on, off] = both(stage, [&freeze(), &unfreeze()]).await?;
    ensure!(result(&on) == "frozen", "{on:?}");
    ensure!(
        ["unfrozen", "DecisionRefused"].contains(&result(&off)),
        "{off:?}"
    );
    // The later word counts, whatever came first of these.
    taken(stage, freeze(), "frozen").await?;
    let mut release = push(stage, "v1.3.0").await?;
    release.wait("Wait for the release in progress").await?;
    taken(stage, unfreeze(), "unfrozen").await?;
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "released", "{end:?}");
    settled(stage, Blue).await.map(drop)
}
