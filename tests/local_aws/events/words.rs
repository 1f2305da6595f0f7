//! The words of each end: by mail, in the thread of a chat, in a request of the webhook, and as a page.
#![allow(clippy::print_stdout, reason = "the words are for a person")]

use super::receiver::Receiver;
use crate::common::{PATIENT, on_a_stage, on_the_local_aws, release, result};
use anyhow::{Context, Result, ensure};
use rehearsal::follow::End;
use rehearsal::metrics::publish_errors;
use rehearsal::notices::{Event, Notice, plain};
use rehearsal::stage::Stage;
use rehearsal::traffic::Traffic;
use serde_json::{Value, json};
use shared::Environment::Blue;
use std::sync::Arc;

/// Given a stack that tells everything by mail, in a chat and to a webhook
/// When a release stays, one is flipped back, and one cannot be
/// Then each event is one mail, one message in the release's thread and one request, in words that anybody can read; the
/// last end is a page too.
#[test]
fn each_end_is_told_in_words() {
    let receiver = on_the_local_aws(Receiver::open()).expect("a receiver");
    let url = receiver.url();
    let parameters = [
        PATIENT,
        ("NoticesAbout", "all"),
        ("ChatAbout", "all"),
        ("WebhookAbout", "all"),
        ("WebhookUrl", &url),
    ];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        for resource in ["Webhook", "WebhookConnection", "WebhookByEvent"] {
            ensure!(stage.deployed.ids.contains_key(resource), "no {resource}");
        }
        let traffic = Traffic::start(&stage);
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        told(&stage, &end, "released", "v1.1.0 released to green").await?;
        drop(traffic);
        flipped_back(&stage).await?;
        assert_eq!(stage.inbox.pages.all().await?.len(), 0);
        not_flipped_back(&stage).await?;
        every_event_is_told(&stage, &receiver).await
    });
}

/// A release from green to blue that answers with errors.
async fn flipped_back(stage: &Stage) -> Result<()> {
    publish_errors(stage, Blue).await?;
    let end = release(stage, "v1.2.0").await?;
    assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
    let title = "v1.2.0 rolled back to green";
    let event = told(stage, &end, "rolled-back", title).await?;
    assert_eq!(event.text("text"), plain(&end.cause));
    Ok(())
}

/// Another one, and flip may not flip it back. The reason has all that JSON cannot take.
async fn not_flipped_back(stage: &Stage) -> Result<()> {
    publish_errors(stage, Blue).await?;
    let denied = r#"{"errorMessage":"ModifyRule \"denied\"\nby \\policy"}"#;
    stage.fail_task("Flip back", "AccessDenied", denied).await?;
    let end = release(stage, "v1.3.0").await?;
    assert_eq!(result(&end), "FlipBackFailed", "{end:?}");
    let title = "TRAFFIC WAS NOT FLIPPED BACK: FlipBackFailed";
    let event = told(stage, &end, "not-flipped-back", title).await?;
    assert_eq!(event.text("text"), plain(&end.cause));
    let page = stage.inbox.pages.wait(|_| true).await?;
    assert_eq!(page.lines()[0], event.text("title"));
    Ok(())
}

/// The event of an end, by its name and its title. Its mail and its message say the same; both are printed.
async fn told(stage: &Stage, end: &End, what: &str, says: &str) -> Result<Event> {
    let is_end = |it: &Event| it.what() == what && it.is_of(&end.execution);
    let event = stage.inbox.events.wait(is_end).await?;
    let (title, text) = (event.text("title"), event.text("text"));
    assert_eq!(title, format!("{}: {says}", stage.service));
    let mail = stage.inbox.wait(|it| it.title() == title).await?;
    println!(
        "\nMail\n{}\n\nMessage\n{:#}\n",
        mail.message,
        message(&in_chat(stage, title).await?)?
    );
    let [first, second, execution, record, last] = mail.lines()[..] else {
        anyhow::bail!("expected five lines, found {mail:?}")
    };
    assert_eq!((first, second), (title, text));
    let console = "https://eu-west-1.console.aws.amazon.com/";
    ensure!(
        execution.starts_with(&format!("Execution: {console}states/")),
        "{execution}"
    );
    ensure!(execution.ends_with(&end.execution), "{execution}");
    ensure!(
        record.starts_with(&format!("Record: {console}dynamodbv2/")),
        "{record}"
    );
    let (severity, release) = (event.text("severity"), event.text("release"));
    assert_eq!(
        last,
        format!("Event {what} ({severity}) of release {release}")
    );
    Ok(event)
}

/// The message of this title in the chat.
async fn in_chat(stage: &Stage, title: &str) -> Result<Notice> {
    let chat = stage.inbox.chat.as_ref().context("no chat")?;
    let of_title = |it: &Notice| message(it).is_ok_and(|it| it["content"]["title"] == title);
    chat.wait(of_title).await
}

/// A message as Amazon Q Developer reads it: what it does not know, it drops without a word.
pub fn message(notice: &Notice) -> Result<Value> {
    let message: Value = serde_json::from_str(&notice.message)?;
    assert_eq!(
        (&message["version"], &message["source"]),
        (&json!("1.0"), &json!("custom"))
    );
    let content = &message["content"];
    assert_eq!(content["textType"], "client-markdown");
    ensure!(
        content["description"]
            .as_str()
            .is_some_and(|it| !it.is_empty()),
        "{message}"
    );
    ensure!(
        content["keywords"].is_array() && message["metadata"]["threadId"].is_string(),
        "{message}"
    );
    Ok(message)
}

/// As many mails, messages and requests as events, and a thread for each release.
async fn every_event_is_told(stage: &Stage, receiver: &Receiver) -> Result<()> {
    let events = stage.inbox.events.all().await?;
    let events: Vec<_> = events
        .iter()
        .filter(|it| it.source == "blue-green")
        .collect();
    let mails = stage.inbox.mail.all().await?;
    assert_eq!(mails.len(), events.len());
    let chat = stage.inbox.chat.as_ref().context("no chat")?.all().await?;
    let threads = chat.iter().map(message).collect::<Result<Vec<_>>>()?;
    let threads: Vec<_> = threads
        .iter()
        .map(|it| it["metadata"]["threadId"].clone())
        .collect();
    let expect = events
        .iter()
        .map(|it| json!(format!("{}/{}", stage.service, it.text("release"))));
    assert_eq!(threads, expect.collect::<Vec<_>>());
    let requests = receiver.requests(events.len()).await?;
    let sent: Vec<_> = requests.iter().map(|it| &it.body["detail"]).collect();
    for event in events {
        ensure!(sent.contains(&&event.detail), "no request says {event:#?}");
    }
    Ok(())
}
