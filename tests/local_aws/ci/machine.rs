//! The machine for CI: a job starts it, and follows the release that it has started.

use super::Script;
use crate::common::{on_a_stage, put};
use anyhow::Result;
use rehearsal::stage::Stage;
use std::sync::Arc;

/// The script on the machine for CI.
pub async fn job(stage: &Stage, name: &str, options: &[&str]) -> Result<Script> {
    Script::on(stage, stage.output("CiStateMachineArn")?, name, options).await
}

/// Given a build
/// When a job releases it by the machine for CI, once more, and for another request
/// Then the first one shows the release and ends with 0, the second attaches to it, and the other one is refused.
/// When a job asks for what CI may not, and for a name that a release of another request has
/// Then they end with 3 and 64, and say why.
#[test]
fn a_job_follows_the_release_that_the_machine_for_ci_has_started() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        let release = ["--tag", "v1.1.0"];
        let ran = job(&stage, "commit", &release).await?.run().await?;
        ran.assert(0, "released to green, without a verdict: ");
        let phases = ["registers the task", "flips traffic", "records the release"];
        assert!(phases.iter().all(|it| ran.said.contains(it)), "{ran:?}");
        let machine = stage.output("StateMachineArn")?;
        let execution = machine.replace(":stateMachine:", ":execution:");
        let outputs = format!("exit-code=0\nexecution={execution}:commit\n");
        assert!(ran.outputs.starts_with(&outputs), "{}", ran.outputs);

        let again = job(&stage, "commit", &release).await?.run().await?;
        again.assert(0, "exists: attached to it\nrelease commit of ");
        let other = job(&stage, "commit", &["--tag", "v1.2.0"]).await?;
        let says = r#"was asked for {"tag": "v1.1.0"}, and not for"#;
        other.run().await?.assert(64, says);

        let approve = r#"{"action": "approve", "release": "commit"}"#;
        let approved = job(&stage, "approve", &["--input", approve]).await?;
        let refused = "the request was refused. DecisionRefused: ";
        approved.run().await?.assert(3, refused);
        let status = ["--input", r#"{"action": "status"}"#];
        let person = Script::new(&stage, "taken", &status).await?.run().await?;
        assert_eq!(person.code, Some(0), "{}", person.said);
        let taken = job(&stage, "taken", &release).await?.run().await?;
        taken.assert(64, "release: NameTaken: ");
        Ok(())
    });
}
