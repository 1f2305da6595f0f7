//! The machine for CI: a job starts it, and follows the release that it has started.

use super::Script;
use super::ends::{create, machine};
use crate::common::{on_a_stage, put};
use anyhow::Result;
use rehearsal::stage::Stage;
use serde_json::json;
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
        let heading = "### Release taken: nothing was started\n\n    NameTaken: ";
        assert!(taken.summary.starts_with(heading), "{}", taken.summary);
        Ok(())
    });
}

/// A machine for CI that fails as if Step Functions had not answered it. Returns its ARN.
async fn failing(stage: &Stage) -> Result<String> {
    let fails =
        json!({"Type": "Fail", "Error": "NotStarted", "Cause": "Start release: States.Timeout"});
    let definition = json!({"StartAt": "Not started", "States": {"Not started": fails}});
    create(stage, "lost-ci", &definition).await
}

/// Starts a release of each of these names: one of another request, a bare one, and the job's own in another order.
async fn releases(stage: &Stage, machine: &str, by: &str) -> Result<()> {
    let other = json!({"action": "from-ci", "request": {"tag": "v1", "by": "b"}});
    let bare = json!({"tag": "v1", "by": by});
    let own = json!({"request": {"by": by, "tag": "v1"}, "action": "from-ci"});
    for (name, input) in [("other", other), ("bare", bare), ("own", own)] {
        let sfn = stage.aws.sfn();
        let call = sfn.start_execution().state_machine_arn(machine).name(name);
        call.input(input.to_string()).send().await?;
    }
    Ok(())
}

/// Given a machine for CI that has got no answer to its start
/// When no release has the name of a job, when one of another request has it, and when one of this request has it
/// Then the first two jobs end with 64, twice, and the third one follows its release, whatever the order of the request.
#[test]
fn a_job_finds_its_release_though_the_answer_to_its_start_was_lost() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let ci = failing(&stage).await?;
        let release = machine(&stage, "lost-release", &["Wait for approval"]).await?;
        let request = r#"{"tag": "v1", "by": "a `\"\\` & \u00fc"}"#;
        let by = "a `\"\\` & ü";
        releases(&stage, &release, by).await?;
        let another = "is of another request: give another --name. NotStarted: ";
        for (name, code, says) in [
            (
                "none",
                64,
                "no release has this name. NotStarted: Start release: ",
            ),
            (
                "none",
                64,
                "an execution of this name exists: attached to it",
            ),
            ("other", 64, another),
            ("bare", 64, another),
            ("own", 6, "waits for a person"),
        ] {
            let script = Script::on(&stage, &ci, name, &["--input", request]).await?;
            let ran = script.run().await?;
            ran.assert(code, says);
            let refused = ran.summary.contains(": nothing was started\n");
            assert_eq!(refused, code == 64, "{}", ran.summary);
            let execution = format!(
                ":lost-{}:{name}\n",
                if code == 64 { "ci" } else { "release" }
            );
            assert!(ran.outputs.contains(&execution), "{}", ran.outputs);
        }
        Ok(())
    });
}
