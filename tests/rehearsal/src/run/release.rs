//! One push, and what comes of it.

use crate::follow::{End, Follow};
use crate::relay::{self, Alarms};
use crate::report::Report;
use crate::scenario::{Ending, Scenario};
use crate::show::Show;
use crate::stage::{FIRST, Stage};
use crate::traffic::Traffic;
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::StateValue;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::Utc;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

pub(super) async fn run(
    scenario: Scenario,
    build: &str,
    ending: Ending,
    stage: &Arc<Stage>,
    show: &Show,
    report: &mut Report,
) -> Result<()> {
    let traffic = Traffic::start(stage);
    traffic.wait_for(FIRST).await?;
    // On AWS the alarms are there as well; this scenario is about what the watch notices without them.
    let _alarms = (!scenario.breaks()).then(|| Alarms::relay(stage));
    show.say(&format!("pushing {build}; blue is active, on {FIRST}"));
    let pushed = Utc::now();
    let mut follow = Follow::new(stage, relay::push(stage, build).await?);
    if scenario == Scenario::Alarm {
        follow.until(Some("Watch"), show, &traffic).await?;
        traffic.wait_for(build).await?;
        report.flipped_back_by_alarm(set_alarm(stage, show, &traffic).await?);
    }
    let end = follow.end(show, &traffic).await?;
    check(ending, &end, report);
    if scenario == Scenario::ManualRollback {
        traffic.wait_for(build).await?;
        let rollback = roll_back(stage, show, &traffic).await?;
        let succeeded = rollback.status == ExecutionStatus::Succeeded;
        report.check("the rollback SUCCEEDED", succeeded, &rollback.cause);
    }
    let last = if scenario == Scenario::Good {
        build
    } else {
        FIRST
    };
    let answers = traffic.wait_for(last).await;
    let expected = format!("{last} answers at the end");
    report.check(&expected, answers.is_ok(), &format!("{answers:?}"));
    let counts = traffic.counts();
    report.failed_requests(&counts, scenario.breaks().then_some(build));
    report.times(pushed, &end, &counts, build);
    report.served(&counts);
    if scenario.breaks() {
        let limit_seconds = scenario.noticed_within(stage.timing);
        report.flipped_back(&counts, build, limit_seconds.into());
    }
    Ok(())
}

/// Compares an execution's end with what it should be.
fn check(ending: Ending, end: &End, report: &mut Report) {
    let found = end.describe();
    match ending {
        Ending::Released => {
            let released = end.output["result"] == "released" && end.output["to"] == "green";
            report.check(
                "the execution SUCCEEDED: released to green",
                released,
                &found,
            );
        }
        Ending::NothingToRelease => {
            let nothing = end.output["result"] == "nothing to release";
            report.check(
                "the execution SUCCEEDED: nothing to release",
                nothing,
                &found,
            );
        }
        Ending::Failed(error, cause) => {
            let failed = end.status == ExecutionStatus::Failed
                && end.error == error
                && end.cause.contains(cause);
            let expected = format!("the execution FAILED with {error}, because of {cause:?}");
            report.check(&expected, failed, &found);
        }
    }
    let flipped = end.entered("Flip traffic");
    let expected = if ending.flips() {
        "traffic was flipped"
    } else {
        "traffic was never flipped"
    };
    report.check(expected, ending.flips() == flipped, &found);
}

/// Sets green's alarm off and waits for the previous version; the seconds between.
async fn set_alarm(stage: &Stage, show: &Show, traffic: &Traffic) -> Result<f64> {
    let name = format!("{}-green-5xx", stage.service);
    show.say(&format!("setting off the alarm {name}"));
    let began = Instant::now();
    let call = stage.aws.cloudwatch().set_alarm_state().alarm_name(name);
    call.state_value(StateValue::Alarm)
        .state_reason("Threshold Crossed: 14 > 10")
        .send()
        .await
        .context("cannot set the alarm")?;
    traffic.wait_for(FIRST).await?;
    let seconds = began.elapsed().as_secs_f64();
    show.say(&format!(
        "{FIRST} answers again, {seconds:.1} s after the alarm"
    ));
    Ok(seconds)
}

async fn roll_back(stage: &Stage, show: &Show, traffic: &Traffic) -> Result<End> {
    show.say("an operator requests a rollback");
    let input = json!({"action": "rollback", "reason": "customers see wrong prices"});
    let follow = Follow::new(stage, relay::request(stage, &input).await?);
    follow.end(show, traffic).await
}
