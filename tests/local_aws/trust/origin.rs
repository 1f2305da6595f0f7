//! What the record keeps of who asked for a release.

use super::origin;
use crate::common::{execute, on_a_stage, put, release, result};
use anyhow::ensure;
use chrono::Utc;
use rehearsal::relay::{deliver, image_action};
use rehearsal::stage::Stage;
use serde_json::json;
use std::sync::Arc;

/// Given a push, and a request that a person typed
/// When both are released
/// Then the record has the event of the one, and what the person said of the other.
/// When a push of another account comes
/// Then the rule does not match it, and detect refuses it.
#[test]
fn the_record_keeps_the_origin_of_each_request() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        ensure!(result(&end) == "released", "{end:?}");
        let found = origin(&stage).await?;
        let digest = put(&stage, "v1.2.0").await?;
        let event = image_action(&stage, &digest, Some("v1.2.0"), Utc::now());
        let expect = json!({"request": "push", "source": "event", "event": event["id"],
            "account": event["account"]});
        ensure!(found == expect, "{found}");

        let mut foreign = event;
        foreign["account"] = json!("999999999999");
        ensure!(deliver(&stage, &foreign).await?.is_none());
        let end = execute(&stage, foreign).await?;
        ensure!(result(&end) == "ReleaseRefused", "{end:?}");
        ensure!(end.cause.contains("999999999999"), "{}", end.cause);

        let typed = json!({"tag": "v1.2.0", "by": "ada", "reason": "it mends the checkout"});
        let end = execute(&stage, typed).await?;
        ensure!(result(&end) == "released", "{end:?}");
        let found = origin(&stage).await?;
        let expect = json!({"request": "tag", "source": "execution", "by": "ada",
            "reason": "it mends the checkout"});
        ensure!(found == expect, "{found}");
        Ok(())
    });
}
