//! Who learns of which ends: as the parameters say.

use crate::common::{execute, on_a_stage, push, release, result};
use anyhow::{Context, Result};
use rehearsal::stage::Stage;
use serde_json::json;
use std::sync::Arc;

/// Given a stack that mails bad ends alone, and tells a chat of all ends
/// When a release is kept without a verdict, its push comes again, and an operator rolls back
/// Then the mail is about the first of them; the chat also learns of the last, and nobody of the push.
#[test]
fn each_gets_the_ends_that_its_parameter_names() {
    let parameters = [("NoticesAbout", "bad-ends"), ("ChatAbout", "ends")];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let again = push(&stage, "v1.1.0").await?.quiet_end().await?;
        assert_eq!(result(&again), "nothing to release", "{again:?}");
        let end = execute(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(result(&end), "rolled back", "{end:?}");
        stage.inbox.event("skipped").await?;
        stage.inbox.event("rolled-back").await?;
        assert_eq!(kinds_of_mail(&stage).await?, ["Event released (bad-end)"]);
        let chat = stage.inbox.chat.as_ref().context("no chat")?.all().await?;
        let messages = chat.iter().map(super::words::message);
        let messages = messages.collect::<Result<Vec<_>>>()?;
        let kinds: Vec<_> = messages
            .iter()
            .map(|it| it["metadata"]["eventType"].as_str())
            .collect();
        assert_eq!(kinds, [Some("released"), Some("rolled-back")]);
        Ok(())
    });
}

/// The beginning of the last line of each mail.
async fn kinds_of_mail(stage: &Stage) -> Result<Vec<String>> {
    let mails = stage.inbox.mail.all().await?;
    let last = mails.iter().filter_map(|it| it.lines().last().copied());
    let kinds = last.filter_map(|line| Some(line.split_once(" of release ")?.0.to_owned()));
    Ok(kinds.collect())
}

/// Given a stack whose pushes start nothing
/// When an image is pushed
/// Then the rule of the trigger is there, and disabled.
#[test]
fn a_trigger_that_is_off_starts_nothing() {
    on_a_stage(&[("PushTrigger", "off")], async |stage: Arc<Stage>| {
        let rule = stage.output("TriggerRuleName")?;
        let rule = rehearsal::aws::events::rule(&stage.aws, rule).await?;
        assert_eq!(rule.state, "DISABLED");
        Ok(())
    });
}
