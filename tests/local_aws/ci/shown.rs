//! What the script shows meanwhile, a second run that attaches, and signals.

use super::{Ran, Script};
use crate::common::{deployed, let_go, on_a_stage, put};
use anyhow::Result;
use aws_sdk_sfn::types::ExecutionStatus;
use rehearsal::stage::Stage;
use std::sync::Arc;

/// The phases of a release that goes well.
const PHASES: [&str; 9] = [
    "looks at the request and at both environments",
    "registers the task definition",
    "deploys to the idle environment",
    "tests the idle environment",
    "looks at the alarms",
    "flips traffic to the new version",
    "watches the new version",
    "records the release",
    "released to green, without a verdict: ",
];

/// Given a release that a job has started and that stands still
/// When a second job asks for the same, others are cancelled, and one asks for something else under its name
/// Then the release goes on, both first jobs show each of its phases once and end with 0, those that are cancelled say that
/// it goes on, and the last one is refused.
#[test]
fn a_second_run_attaches_and_a_cancelled_one_ends_nothing() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        stage.watch_for(150).await?;
        let first = job(&stage).await?.start()?;
        first.says("watches the new version").await?;
        let second = job(&stage).await?.start()?;
        second.says("watches the new version").await?;
        cancelled(&stage, "TERM").await?;
        cancelled(&stage, "INT").await?;
        let other = Script::new(&stage, "commit", &["--tag", "v1.2.0"]).await?;
        let says = r#"was asked for {"tag": "v1.1.0"}, and not for"#;
        other.run().await?.assert(64, says);
        let execution = execution(&stage)?;
        let call = stage.aws.sfn().describe_execution();
        let found = call.execution_arn(&execution).send().await?;
        assert_eq!(found.status, ExecutionStatus::Running);
        stage.end_watch().await?;
        for ran in [first.end().await?, second.end().await?] {
            whole(&ran, &execution);
        }
        // From a block of YAML. Only what has ended is refused as a second start, so only now it says that it attaches.
        let block = ["--input", "{\"tag\": \"v1.1.0\"}\n"];
        let late = Script::new(&stage, "commit", &block).await?.run().await?;
        late.assert(0, "attached to it");
        whole(&late, &execution);
        Ok(())
    });
}

/// The job of a commit.
async fn job(stage: &Stage) -> Result<Script> {
    Script::new(stage, "commit", &["--tag", "v1.1.0"]).await
}

/// ARN of its execution.
fn execution(stage: &Stage) -> Result<String> {
    let machine = stage.output("StateMachineArn")?;
    let execution = machine.replace(":stateMachine:", ":execution:");
    Ok(format!("{execution}:commit"))
}

/// A run of the job that this signal ends.
async fn cancelled(stage: &Stage, signal: &str) -> Result<()> {
    let running = job(stage).await?.start()?;
    running.says("watches the new version").await?;
    running.signal(signal).await?;
    let ran = running.end().await?;
    assert_eq!(ran.code, None, "{}", ran.said);
    let says = format!("stopped by SIG{signal}; the release goes on: https://eu-west-1.");
    assert!(ran.said.contains(&says), "{}", ran.said);
    Ok(())
}

/// A run that has shown the whole release.
fn whole(ran: &Ran, execution: &str) {
    ran.assert(0, "released to green, without a verdict: ");
    let found = PHASES.map(|phase| ran.said.match_indices(phase).map(|(at, _)| at).collect());
    let once = found.iter().all(|at: &Vec<usize>| at.len() == 1);
    assert!(once && found.is_sorted(), "{}", ran.said);
    let outputs = format!("exit-code=0\nexecution={execution}\nurl=https://");
    assert!(ran.outputs.starts_with(&outputs), "{}", ran.outputs);
}

/// A machine, a name and options with which nothing can be started, and what the script says to it.
type Wrong = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

/// `MACHINE` stands for the ARN of the stage's machine.
const WRONG: [Wrong; 8] = [
    (
        "shop",
        "a",
        &["--tag", "v1"],
        "expected the ARN of a state machine, found 'shop'",
    ),
    (
        "MACHINE",
        "a",
        &[],
        "expected one of --tag, --image, --task-definition and --input, found none",
    ),
    (
        "MACHINE",
        "a",
        &["--tag", "v1", "--image", "shop:v1"],
        "found tag and image",
    ),
    (
        "MACHINE",
        "a",
        &["--tag", "v1\", \"x\": \""],
        "expected the tag of an image in ECR",
    ),
    (
        "MACHINE",
        "a b",
        &["--tag", "v1"],
        "expected a name of up to 80 letters",
    ),
    (
        "MACHINE",
        "a",
        &["--tag", "v1", "--tries", "0"],
        "expected a number above 0, found '0'",
    ),
    ("MACHINE", "a", &["--tags", "v1"], "no such option: --tags"),
    (
        "MACHINE-2",
        "a",
        &["--tag", "v1"],
        "nothing was started: An error occurred (StateMachineDoesNotExist)",
    ),
];

/// Given nothing that could be started
/// When the script is asked for it
/// Then it ends with 64 and says what it has expected.
#[test]
fn what_cannot_be_started_ends_with_64() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let arn = stage.output("StateMachineArn")?;
        for (machine, name, options, says) in WRONG {
            let machine = machine.replace("MACHINE", arn);
            let script = Script::on(&stage, &machine, name, options).await?;
            script.run().await?.assert(64, says);
        }
        Ok(())
    });
}

/// Given a release that waits for another one
/// When a person stops the script before it has started anything more
/// Then both go on.
#[test]
fn a_job_that_waits_may_be_cancelled_too() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let first = deployed(&stage, "v1.1.0").await?;
        put(&stage, "v1.2.0").await?;
        let waiting = Script::new(&stage, "second", &["--tag", "v1.2.0"])
            .await?
            .start()?;
        waiting.says("waits for the release in progress").await?;
        waiting.signal("HUP").await?;
        assert_eq!(waiting.end().await?.code, None);
        let_go(&stage);
        first.quiet_end().await?;
        let again = Script::new(&stage, "second", &["--tag", "v1.2.0"]).await?;
        again
            .run()
            .await?
            .assert(0, "released to blue, without a verdict: ");
        Ok(())
    });
}
