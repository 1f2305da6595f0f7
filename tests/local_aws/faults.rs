//! Two ends of which a person must learn although what should say it has failed as well. `cargo rehearse faults` puts a
//! fault at every other call and at every task.

use crate::common::{execute, on_a_stage, release, result, settled};
use rehearsal::follow::End;
use rehearsal::metrics::publish_errors;
use rehearsal::notices::{Notice, plain};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::json;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// The notice of an execution's end. It says what the execution's cause says.
async fn notice(stage: &Stage, end: &End) -> anyhow::Result<Notice> {
    let says = plain(&end.cause);
    let told = |it: &Notice| it.lines().get(1) == Some(&says.as_str());
    stage.inbox.wait(told).await
}

/// Given a release that fails its smoke test
/// When the record cannot be written either
/// Then cause and notice say both in plain words, and the record keeps its holder for the next request to take over.
#[test]
fn a_failure_that_cannot_be_recorded_is_explained_all_the_same() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        stage
            .fail_task("Record failure", "States.Timeout", "")
            .await?;
        let end = release(&stage, "v1.1.0-wrong-ping").await?;
        assert_eq!(result(&end), "SmokeTestFailed", "{end:?}");
        let says =
            "; the record could not be written: Record failure: no answer within its timeout";
        let found = end.cause.strip_suffix(says);
        assert!(
            found.is_some_and(|it| it.contains("checks failed")),
            "{}",
            end.cause
        );
        notice(&stage, &end).await?;
        let holder = State::read(&stage).await?.record.holder;
        assert_eq!(
            holder.as_ref().map(|it| it.as_str()),
            Some(end.execution.as_str())
        );
        Ok(())
    });
}

/// Given an unhealthy release
/// When flip may not flip back
/// Then the notice asks for a person and says in plain words what is denied and why it was asked for; once that is mended,
/// an operator flips back.
#[test]
fn a_flip_back_that_fails_is_explained_without_json() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        publish_errors(&stage, Green).await?;
        let denied = r#"{"errorType":"AccessDenied","errorMessage":"ModifyRule is \"denied\""}"#;
        stage.fail_task("Flip back", "AccessDenied", denied).await?;
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "FlipBackFailed", "{end:?}");
        let says = "AccessDenied: ModifyRule is \"denied\" (requested because: target 5xx ";
        assert!(end.cause.starts_with(says), "{}", end.cause);
        let notice = notice(&stage, &end).await?;
        let asks = ": TRAFFIC WAS NOT FLIPPED BACK: FlipBackFailed";
        assert!(notice.title().ends_with(asks), "{notice:?}");
        let page = stage.inbox.pages.wait(|_| true).await?;
        assert_eq!(page.message, notice.message);
        let end = execute(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(result(&end), "rolled back", "{end:?}");
        settled(&stage, Blue).await.map(drop)
    });
}
