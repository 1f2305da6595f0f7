//! The walk through README's section "Deploy", with the SAM CLI against the local AWS.

mod sam;

use crate::deployed::differences;
use crate::follow::Follow;
use crate::relay::{self, Alarms};
use crate::report::Report;
use crate::show::Show;
use crate::site::Site;
use crate::stack;
use crate::stage::{FIRST, Local, Setup, Stage, Timing};
use crate::traffic::Traffic;
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::StateValue;
use aws_sdk_sfn::types::ExecutionStatus;
use iam::Deployed;
use sam::Sam;
use std::sync::Arc;
use std::time::Instant;

/// The build that is released.
const BUILD: &str = "v1.1.0";

/// A parameter that the update changes, with its value then.
const CHANGED: (&str, &str) = ("WatchSeconds", "20");

/// Builds and deploys, releases, lets an alarm flip back, updates the stack and removes it.
///
/// # Errors
/// A command of the SAM CLI fails, or the local AWS does not answer.
pub async fn run(local: &Local, timing: Timing, show: &Show) -> Result<Report> {
    let site = Site::prepare(local, 1, Setup::usual(timing), show).await?;
    let mut sam = Sam::install(&site, show).await?;
    let mut report = Report::new("deploy".to_owned());
    report.measured("sam build", sam.build(show).await?.seconds);
    report.measured("sam deploy", sam.deploy(show).await?.seconds);
    let stage = Arc::new(Stage::open(local, site, show).await?);
    as_written("what was deployed", &stage, &stage.deployed, &mut report).await?;
    let _alarms = Alarms::relay(&stage);
    let traffic = Traffic::start(&stage);
    traffic.wait_for(FIRST).await?;
    release(&stage, &traffic, show, &mut report).await?;
    go_off(&stage, &traffic, show, &mut report).await?;
    update(&mut sam, &stage, show, &mut report).await?;
    report.measured("sam delete", sam.delete(show).await?.seconds);
    removed(&stage, &mut report).await;
    traffic.wait_for(FIRST).await?;
    report.failed_requests(&traffic.counts(), None);
    report.served(&traffic.counts());
    Ok(report)
}

/// Holds what the local AWS has against the files.
async fn as_written(
    what: &str,
    stage: &Stage,
    deployed: &Deployed,
    report: &mut Report,
) -> Result<()> {
    let found = differences(&stage.aws, deployed).await?;
    let expected = format!("{what} is template.yaml, and the definition byte for byte");
    report.check(&expected, found.is_empty(), &found.join("; "));
    Ok(())
}

/// A push, through the deployed rule.
async fn release(
    stage: &Arc<Stage>,
    traffic: &Traffic,
    show: &Show,
    report: &mut Report,
) -> Result<()> {
    show.say(&format!("pushing {BUILD}; blue is active, on {FIRST}"));
    let follow = Follow::new(stage, relay::push(stage, BUILD).await?);
    let end = follow.end(show, traffic).await?;
    let released = end.status == ExecutionStatus::Succeeded && end.output["result"] == "released";
    let expected = format!("the push of {BUILD} was released");
    report.check(&expected, released, &end.describe());
    report.measured("push to end", end.seconds);
    traffic.wait_for(BUILD).await
}

/// The stack's own alarm, after the release.
async fn go_off(
    stage: &Arc<Stage>,
    traffic: &Traffic,
    show: &Show,
    report: &mut Report,
) -> Result<()> {
    let name = format!("{}-green-5xx", stage.service);
    show.say(&format!("setting off the alarm {name}"));
    let began = Instant::now();
    let call = stage.aws.cloudwatch().set_alarm_state().alarm_name(name);
    let call = call.state_value(StateValue::Alarm).state_reason("a walk");
    call.send().await.context("cannot set the alarm")?;
    let back = traffic.wait_for(FIRST).await;
    let expected = format!("the stack's alarm flipped back to {FIRST}");
    report.check(&expected, back.is_ok(), &format!("{back:?}"));
    report.measured("alarm to flip back", began.elapsed().as_secs_f64());
    Ok(())
}

/// Deploys once more as it is, and then with one parameter changed.
async fn update(sam: &mut Sam, stage: &Stage, show: &Show, report: &mut Report) -> Result<()> {
    let output = sam.deploy(show).await?.output;
    let unchanged = output.contains("No changes to deploy");
    report.check("another deploy finds no changes", unchanged, &output);
    let (name, value) = CHANGED;
    sam.parameters.insert(name.to_owned(), value.to_owned());
    report.measured("update", sam.deploy(show).await?.seconds);
    let mut deployed = stage.deployed.clone();
    deployed.parameters = sam.parameters.clone();
    let what = format!("after an update with {name}={value} it");
    as_written(&what, stage, &deployed, report).await
}

/// The stack is removed; the table with the record is still there.
async fn removed(stage: &Stage, report: &mut Report) {
    let stack = stack::outputs(&stage.aws, &stage.service).await;
    let found = format!("{stack:?}");
    report.check("the stack is removed", stack.is_err(), &found);
    let table = stage.outputs.get("RecordTableName").cloned();
    let call = stage.aws.dynamodb().describe_table();
    let found = call.set_table_name(table).send().await;
    let expected = "the table with the record is kept";
    report.check(expected, found.is_ok(), &format!("{found:?}"));
}
