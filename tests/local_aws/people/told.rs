//! How people learn that a release waits for them.
#![allow(clippy::print_stdout, reason = "the words are for a person")]

use crate::events::receiver::Receiver;
use crate::events::words::message;
use anyhow::{Context, Result, ensure};
use rehearsal::notices::{Event, Notice};
use rehearsal::stage::Stage;
use serde_json::Value;

/// The mail, the message in the chat and the request of the webhook about a gate: each says how to approve and to reject
/// in inputs that can be copied.
pub async fn asks(stage: &Stage, receiver: &Receiver, release: &str) -> Result<()> {
    let is_gate = |it: &Event| it.what() == "awaits-approval" && it.text("release") == release;
    let event = stage.inbox.events.wait(is_gate).await?;
    ensure!(event.text("severity") == "decision", "{event:#?}");
    let inputs = ["approve", "reject"].map(|action| event.detail["ask"][action].clone());
    for (input, action) in inputs.iter().zip(["approve", "reject"]) {
        ensure!(
            input["action"] == action && input["release"] == release,
            "{event:#?}"
        );
        ensure!(input["gate"] == "flip to 100 %", "{event:#?}");
    }
    let title = event.text("title");
    let mail = stage.inbox.wait(|it| it.message.contains(title)).await?;
    println!("\nMail\n{}\n", mail.message);
    copied(&mail.message, &inputs).context("the mail")?;
    let chat = stage.inbox.chat.as_ref().context("no chat")?;
    let of_title = |it: &Notice| message(it).is_ok_and(|it| it["content"]["title"] == title);
    let message = message(&chat.wait(of_title).await?)?;
    println!("\nMessage\n{message:#}\n");
    copied(&text_of(&message), &inputs).context("the message")?;
    let mut many = 1;
    loop {
        let requests = receiver.requests(many).await?;
        if requests.iter().any(|it| it.body["detail"] == event.detail) {
            return Ok(());
        }
        many = requests.len() + 1;
    }
}

/// All that a person reads of a message.
fn text_of(message: &Value) -> String {
    let content = &message["content"];
    let steps = content["nextSteps"].as_array().into_iter().flatten();
    let texts = [&content["description"]].into_iter().chain(steps);
    let texts = texts.filter_map(Value::as_str).collect::<Vec<_>>();
    texts.join("\n")
}

/// Each input stands in a text so that it can be taken out as it is.
fn copied(text: &str, inputs: &[Value]) -> Result<()> {
    let begins = text.match_indices('{').map(|(at, _)| &text[at..]);
    let read = |rest: &str| {
        serde_json::Deserializer::from_str(rest)
            .into_iter()
            .next()?
            .ok()
    };
    let found: Vec<Value> = begins.filter_map(read).collect();
    for input in inputs {
        ensure!(found.contains(input), "{input} is not in {text}");
    }
    Ok(())
}
