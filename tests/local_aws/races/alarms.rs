//! An alarm flips back once, and only the release it belongs to (I6).

use chrono::{TimeDelta, Utc};
use local_aws::{alarm_event, deliver, go_off, on_a_stage, push, release, result, settled};
use rehearsal::stage::Stage;
use serde_json::json;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Given a release at each of its stages
/// When alarms come: before the flip, of the idle environment, back to OK, three times, after the rollback, late after a
/// newer release
/// Then exactly one of them flips back.
#[test]
fn an_alarm_flips_back_once_and_only_for_its_own_release() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let mut first = push(&stage, "v1.1.0").await?;
        first.wait("Wait for tasks").await?;
        assert_eq!(go_off(&stage, Green).await?, "ignored", "before the flip");
        first.wait("Watch").await?;
        let old = alarm_event(&stage, Green, Utc::now() - TimeDelta::minutes(1)).await?;
        assert_eq!(
            deliver(&stage, &old).await?,
            "ignored",
            "it went off before the flip"
        );
        assert_eq!(go_off(&stage, Blue).await?, "ignored", "blue is idle");
        let mut calm = alarm_event(&stage, Green, Utc::now()).await?;
        for state in ["OK", "INSUFFICIENT_DATA"] {
            calm["alarmData"]["state"]["value"] = json!(state);
            assert_eq!(deliver(&stage, &calm).await?, "ignored", "{state}");
        }
        let alarm = alarm_event(&stage, Green, Utc::now()).await?;
        assert_eq!(deliver(&stage, &alarm).await?, "flipped-back");
        for _ in 0..2 {
            assert_eq!(deliver(&stage, &alarm).await?, "already-flipped-back");
        }
        let end = first.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        let before = settled(&stage, Blue).await?;
        assert_eq!(
            deliver(&stage, &alarm).await?,
            "already-flipped-back",
            "after the rollback"
        );
        assert_eq!(settled(&stage, Blue).await?.record, before.record);

        let newer = release(&stage, "v1.2.0").await?;
        assert_eq!(result(&newer), "released", "{newer:?}");
        let before = settled(&stage, Green).await?;
        assert_eq!(
            deliver(&stage, &alarm).await?,
            "ignored",
            "after a newer release"
        );
        assert_eq!(settled(&stage, Green).await?.record, before.record);
        // The standing rollback: the newer release is over, and an alarm of its own still flips back.
        assert_eq!(go_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    });
}
