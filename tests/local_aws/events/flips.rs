//! What flip tells where no machine does: after the end of a release, and where an execution has none of its own.
#![allow(clippy::print_stdout, reason = "the words are for a person")]

use crate::common::{alarm_event, on_a_stage, push, release, result, settled};
use anyhow::{Context, Result};
use chrono::Utc;
use rehearsal::aws::lambda::invoke_event;
use rehearsal::notices::{Event, Notice};
use rehearsal::stage::Stage;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

const CHAT: (&str, &str) = ("ChatAbout", "bad-ends");

/// Given a release that has ended, and one that somebody stops in its watch
/// When an alarm flips the first one back, and the event of the stop the second
/// Then a mail says each, and so does a message in the thread of that release.
#[test]
fn a_flip_back_without_an_execution_is_told() {
    on_a_stage(&[CHAT], async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let alarm = alarm_event(&stage, Green, Utc::now()).await?;
        let flip = stage.output("FlipFunctionArn")?;
        invoke_event(&stage.aws, flip, &alarm).await?;
        told(&stage, end.release(), "traffic").await?;
        settled(&stage, Blue).await?;

        stage.watch_for(150).await?;
        let mut stopped = push(&stage, "v1.2.0").await?;
        stopped.wait("Watch").await?;
        let call = stage.aws.sfn().stop_execution();
        call.execution_arn(stopped.execution()).send().await?;
        told(&stage, stopped.release(), "traffic").await?;
        settled(&stage, Blue).await.map(drop)
    });
}

/// Waits until flip has told of a release, and holds mail and message against that.
async fn told(stage: &Stage, release: &str, says: &str) -> Result<()> {
    let is_flip =
        |it: &Event| it.answer("decision") == "flipped-back" && it.answer("release") == release;
    let event = stage.inbox.events.wait(is_flip).await?;
    let lines = [event.answer("title"), event.answer("text")];
    let last = format!("flip did so by itself (flipped-back), for release {release}");
    let is_mail = |it: &Notice| it.lines() == [lines[0], lines[1], last.as_str()];
    let mail = stage.inbox.wait(is_mail).await?;
    println!("\nMail\n{}\n", mail.message);
    assert!(lines[0].contains(says), "{mail:?}");
    let thread = format!("{}/{release}", stage.service);
    let chat = stage.inbox.chat.as_ref().context("no chat")?;
    let is_message = |it: &Notice| {
        super::words::message(it).is_ok_and(|it| {
            it["metadata"]["threadId"] == thread && it["content"]["description"] == lines[1]
        })
    };
    chat.wait(is_message).await.map(drop)
}
