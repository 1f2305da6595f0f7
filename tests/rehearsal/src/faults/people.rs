//! What people say while a fault strikes. Who gets no answer, or an error, says it once more.

use crate::follow::{End, Follow};
use crate::relay;
use crate::stage::Stage;
use anyhow::{Result, ensure};
use serde_json::json;

/// What is said at the gate, and the answer to each of it.
const WORDS: [(&str, &str); 3] = [
    ("hold", "held"),
    ("approve", "approved"),
    ("resume", "resumed"),
];

/// Holds a release at its gate, approves it there, and lets it go on.
pub(super) async fn decide(stage: &Stage, release: &str) -> Result<()> {
    for (action, answer) in WORDS {
        let mut end = say(stage, action, release).await?;
        if end.output["result"] != answer {
            end = say(stage, action, release).await?;
        }
        let end_of = end.describe();
        ensure!(end.output["result"] == answer, "{action}: {end_of}");
    }
    Ok(())
}

async fn say(stage: &Stage, action: &str, release: &str) -> Result<End> {
    let word = json!({"action": action, "release": release, "reason": "to see"});
    let execution = relay::request(stage, &word).await?;
    Follow::new(stage, execution).quiet_end().await
}
