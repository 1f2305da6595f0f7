//! A verifier of the team's own: a function in the local AWS that says yes, says no, says something odd, or says nothing.

use super::refused;
use crate::common::{
    TIMING, execute, hold_events, live, on_a_stage, on_the_local_aws, preview, put, release,
    result, settled, stage_from,
};
use anyhow::{Result, ensure};
use rehearsal::images::verifier;
use rehearsal::stage::{Setup, Stage};
use serde_json::json;
use shared::Environment::Blue;
use std::sync::Arc;

/// Builds to which the verifier does not say yes, and what the refusal says of each.
const REFUSED: [(&str, &str); 5] = [
    (
        "v1.2.0-unapproved",
        "the tests of this build have not passed",
    ),
    ("v1.2.0-odd", "verifier"),
    ("v1.2.0-silent", "verifier"),
    ("v1.2.0-broken", "verifier"),
    ("v1.2.0-late", "verifier"),
];

/// Given a verifier, and a release that it has let in
/// When builds follow to which it says no, something odd, nothing, fails, or answers too late
/// Then each is refused and nothing is claimed: the release before can still be flipped back.
#[test]
fn whatever_is_no_clear_yes_lets_no_image_in() {
    let end = on_the_local_aws(async {
        let changes = verifier();
        let setup = Setup {
            changes: &changes,
            ..Setup::usual(TIMING)
        };
        let stage = stage_from(setup).await;
        verified_each(&stage).await?;
        hold_events(&stage).await
    });
    end.expect("a story");
}

async fn verified_each(stage: &Arc<Stage>) -> Result<()> {
    let end = release(stage, "v1.1.0").await?;
    ensure!(result(&end) == "released", "{end:?}");
    let calls = end.states.iter().filter(|it| *it == "Verify image");
    ensure!(calls.count() == 1, "{end:?}");
    for (build, says) in REFUSED {
        let end = refused(stage, build, &["verifier: ", says]).await?;
        ensure!(end.entered("Verify image"), "{end:?}");
    }
    planned(stage).await?;
    let back = json!({"action": "rollback", "reason": "to see"});
    let end = execute(stage, back).await?;
    ensure!(result(&end) == "rolled back", "{end:?}");
    settled(stage, Blue).await?;
    ensure!(live(stage).await? == "v1.0.0");
    Ok(())
}

/// A plan asks nobody, and says so.
async fn planned(stage: &Stage) -> Result<()> {
    put(stage, REFUSED[0].0).await?;
    let plan = preview(stage, json!({"tag": REFUSED[0].0})).await?;
    ensure!(plan["result"] == "planned: release", "{plan}");
    let findings = plan["findings"].as_array().into_iter().flatten();
    let mut notes = findings.filter(|it| it["severity"] == "note");
    ensure!(notes.any(|it| it["name"] == "verifier"), "{plan}");
    Ok(())
}

/// Given the ARN of a function that nobody made
/// When an image is pushed
/// Then it is refused.
#[test]
fn a_verifier_that_is_not_there_lets_no_image_in() {
    let nobody = "arn:aws:lambda:eu-west-1:100000000000:function:nobody";
    let parameters = [("VerifierFunctionArn", nobody)];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        refused(&stage, "v1.1.0", &["verifier: "]).await?;
        Ok(())
    });
}
