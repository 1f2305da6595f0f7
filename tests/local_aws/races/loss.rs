//! An AWS that has lost something, or comes late with it: a named error, and a safe end (I4, I5).

use crate::common::{go_off, on_a_stage, release, result, settled};
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
    on_a_stage(&[], async |stage: Arc<Stage>| {
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
        assert_eq!(result(&end), "NotFound", "{end:?}");
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
    });
}

/// Given a release without traffic
/// When CloudWatch reports nothing until the watch is over, and errors only then
/// Then the release is kept as inconclusive; the late errors change nothing by themselves.
#[test]
fn metrics_that_come_after_the_watch_are_the_alarms_business() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let verdict = &end.output["verdict"];
        assert_eq!(verdict["verdict"], "inconclusive", "{verdict}");
        let before = settled(&stage, Green).await?;
        publish_errors(&stage, Green).await?;
        assert_eq!(settled(&stage, Green).await?.record, before.record);
        assert_eq!(go_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    });
}
