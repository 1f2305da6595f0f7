//! What people say of releases: early, late, twice, of another release, against each other and against what happens
//! meanwhile. A word acts once, on the release that it names, and never on a later one (I11).

mod commands;
mod finishes;
mod freezes;
mod gates;
mod holds;
mod newer;
mod steps;
mod stops;
mod told;
mod verdicts;
mod windows;

use crate::common::{execute, push, result};
use anyhow::{Result, ensure};
use rehearsal::follow::{End, Follow};
use rehearsal::notices::Event;
use rehearsal::relay;
use rehearsal::stage::Stage;
use serde_json::{Value, json};

/// Where a release waits for people, before its flip and after it.
const AT_GATE: &str = "Wait for approval";
const IN_WATCH: &str = "Watch while people decide";

/// Ada says this of a release.
fn word(action: &str, release: &str) -> Value {
    json!({"action": action, "release": release, "by": "ada", "reason": "ada has looked"})
}

/// She says it of this gate.
fn word_for(action: &str, release: &str, gate: &str) -> Value {
    let mut word = word(action, release);
    word["gate"] = json!(gate);
    word
}

/// A release that waits for an approval before its flip.
async fn at_gate<'a>(stage: &'a Stage, build: &str) -> Result<Follow<'a>> {
    let mut follow = push(stage, build).await?;
    follow.wait(AT_GATE).await?;
    Ok(follow)
}

/// A word is taken, with this result.
async fn taken(stage: &Stage, word: Value, expect: &str) -> Result<End> {
    let end = execute(stage, word.clone()).await?;
    ensure!(result(&end) == expect, "{word}: {end:?}");
    Ok(end)
}

/// A word is refused, for a reason that says this, and changes nothing.
async fn refused(stage: &Stage, word: Value, says: &str) -> Result<()> {
    let end = execute(stage, word.clone()).await?;
    ensure!(result(&end) == "DecisionRefused", "{word}: {end:?}");
    ensure!(end.cause.contains(says), "{word}, {says}: {}", end.cause);
    Ok(())
}

/// Two words at the same time; what each came to.
async fn both(stage: &Stage, words: [&Value; 2]) -> Result<[End; 2]> {
    let [one, other] = words.map(|word| relay::request(stage, word));
    let (one, other) = futures::future::try_join(one, other).await?;
    let [one, other] = [one, other].map(|arn| Follow::new(stage, arn).quiet_end());
    Ok(futures::future::try_join(one, other).await?.into())
}

/// Events of this name about a release.
async fn events_of(stage: &Stage, what: &str, release: &str) -> Result<usize> {
    let events = stage.inbox.events.all().await?;
    let of_release = events.iter().filter(|it| it.text("release") == release);
    Ok(of_release.filter(|it| it.what() == what).count())
}

/// Waits until people are asked about this gate.
async fn is_told(stage: &Stage, release: &str, gate: &str) -> Result<()> {
    let is_gate = |it: &Event| {
        it.what() == "awaits-approval"
            && it.text("release") == release
            && it.detail["ask"]["approve"]["gate"] == gate
    };
    stage.inbox.events.wait(is_gate).await.map(drop)
}

/// What the status says.
async fn status(stage: &Stage) -> Result<Value> {
    let end = execute(stage, json!({"action": "status"})).await?;
    ensure!(end.status.as_str() == "SUCCEEDED", "{end:?}");
    Ok(end.output)
}
