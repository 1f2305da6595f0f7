//! The gate before the flip: who may pass it, how often, and what is told of it.

use super::{at_gate, both, events_of, refused, status, taken, told, word, word_for};
use crate::common::{deployed, let_go, live, on_a_stage, on_the_local_aws, push, result, settled};
use crate::events::receiver::Receiver;
use anyhow::{Result, ensure};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// The gate's own name.
const GATE: &str = "flip to 100 %";

/// Given a stack whose releases wait before their flip, and which tells of bad ends alone
/// When a person approves one of them: too early, another one, at another gate, then right, again, and after its end
/// Then only the right word counts, and once: everything is deployed anew before the flip, and people were asked in words
/// that they can copy.
/// When two people say opposite things of the next one at the same time, and a newer push waits behind it
/// Then one of them is heard, and its end is what he said; the newer push comes to a gate of its own.
#[test]
fn a_gate_opens_once_for_the_word_that_names_it() {
    let receiver = on_the_local_aws(Receiver::open()).expect("a receiver");
    let url = receiver.url();
    let parameters = [
        ("ApprovalBefore", "flip"),
        ("NoticesAbout", "bad-ends"),
        ("ChatAbout", "bad-ends"),
        ("WebhookAbout", "bad-ends"),
        ("WebhookUrl", &url),
    ];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        approved(&stage, &receiver).await?;
        opposite(&stage).await
    });
}

async fn approved(stage: &Stage, receiver: &Receiver) -> Result<()> {
    refused(stage, word("approve", "nobody"), "nobody").await?;
    let mut release = deployed(stage, "v1.1.0").await?;
    let name = release.release().to_owned();
    refused(stage, word("approve", &name), "").await?;
    let_go(stage);
    release.wait(super::AT_GATE).await?;
    ensure!(live(stage).await? == "v1.0.0");
    told::asks(stage, receiver, &name).await?;
    let found = status(stage).await?.to_string();
    ensure!(found.contains("approv") && found.contains(&name), "{found}");
    refused(stage, word("approve", "another"), "").await?;
    refused(stage, word_for("approve", &name, "finish"), GATE).await?;
    ensure!(State::read(stage).await?.active == Ok(Blue));
    taken(stage, word_for("approve", &name, GATE), "approved").await?;
    taken(stage, word("approve", &name), "approved").await?;
    refused(stage, word("reject", &name), "ada").await?;
    let end = release.quiet_end().await?;
    ensure!(result(&end) == "released", "{end:?}");
    let deployed = end.states.iter();
    let deployed = deployed.filter(|it| *it == "Deploy to idle environment");
    ensure!(
        deployed.count() == 2,
        "everything is looked at anew: {end:?}"
    );
    settled(stage, Green).await?;
    for action in ["reject", "hold", "resume", "finish", "stop"] {
        refused(stage, word(action, &name), "").await?;
    }
    ensure!(events_of(stage, "awaits-approval", &name).await? == 1);
    ensure!(events_of(stage, "decided", &name).await? == 1);
    Ok(())
}

async fn opposite(stage: &Stage) -> Result<()> {
    let release = at_gate(stage, "v1.2.0").await?;
    let mut newer = push(stage, "v1.3.0").await?;
    newer.wait("Wait for the release in progress").await?;
    let name = release.release().to_owned();
    let words = ["approve", "reject"].map(|action| word(action, &name));
    let [approve, reject] = both(stage, words.each_ref()).await?;
    let end = release.quiet_end().await?;
    let expect = match [result(&approve), result(&reject)] {
        ["approved", "DecisionRefused"] => ["released", "v1.2.0"],
        ["DecisionRefused", "rejected"] => ["ApprovalRejected", "v1.1.0"],
        found => anyhow::bail!("one of them alone is heard: {found:?}"),
    };
    ensure!(result(&end) == expect[0], "{end:?}");
    ensure!(live(stage).await? == expect[1]);
    newer.wait(super::AT_GATE).await?;
    refused(stage, word("approve", &name), "").await?;
    taken(stage, word("reject", newer.release()), "rejected").await?;
    let end = newer.quiet_end().await?;
    ensure!(result(&end) == "ApprovalRejected", "{end:?}");
    ensure!(end.cause.contains("ada has looked"), "{}", end.cause);
    ensure!(live(stage).await? == expect[1]);
    // A rejected build is not asked for again.
    let again = push(stage, "v1.3.0").await?.quiet_end().await?;
    ensure!(result(&again) == "nothing to release", "{again:?}");
    Ok(())
}
