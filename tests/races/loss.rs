//! An AWS that has lost something, or comes late with it: a named error, and a safe end (I4, I5).

use crate::world::{push, release, settled, word};
use anyhow::Result;
use boundary_tests::{on_the_local_aws, stage};
use rehearsal::metrics::publish_errors;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// Given a stack whose table somebody deleted
/// When an image is pushed
/// Then nothing is touched, and the error names the table's loss.
#[test]
fn without_its_table_nothing_is_released() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let rules = State::read(&stage).await?.rules;
        let table = stage.output("RecordTableName")?;
        stage
            .aws
            .dynamodb()
            .delete_table()
            .table_name(table)
            .send()
            .await?;
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(word(&end), "NotFound", "{end:?}");
        assert!(end.cause.contains("dynamodb:GetItem"), "{end:?}");
        let call = stage.aws.elb().describe_rules();
        let arns = stage.rules().map(str::to_owned).collect();
        let now = call
            .set_rule_arns(Some(arns))
            .send()
            .await?
            .rules
            .unwrap_or_default();
        assert_eq!(now, rules);
        stage
            .inbox
            .wait(|it| it.message.contains("dynamodb:GetItem"))
            .await?;
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given a release without traffic
/// When CloudWatch has nothing to tell until the watch is over, and tells of errors only then
/// Then the release is kept, saying that it is unproven; the late errors change nothing by themselves.
#[test]
fn metrics_that_come_after_the_watch_are_the_alarms_business() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let end = push(&stage, "v1.1.0").await?.quiet_end().await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let verdict = &end.output["verdict"];
        assert_eq!(verdict["verdict"], "inconclusive", "{verdict}");
        let before = settled(&stage, Green).await?;
        publish_errors(&stage, Green).await?;
        assert_eq!(settled(&stage, Green).await?.record, before.record);
        assert_eq!(crate::world::goes_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}
