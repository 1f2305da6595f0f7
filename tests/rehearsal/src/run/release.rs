//! One push, and what comes of it.

use super::operator::Operator;
use crate::follow::{End, Follow};
use crate::relay::{self, Alarms};
use crate::report::Report;
use crate::scenario::{Ending, Scenario};
use crate::stage::FIRST;
use anyhow::{Context, Result};
use aws_sdk_cloudwatch::types::StateValue;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, Utc};
use serde_json::json;
use std::time::Instant;

/// The polls that are enough to find that both targets fail, a second apart: the last one must be ten seconds after the first
/// that found it. One of them may have asked just before.
const POLLS: usize = 12;

/// What the sample service's builds that break cannot make.
const BREAKS_IT: &str = "/api/v1/orders?item=coffee";

pub(super) async fn run(
    scenario: Scenario,
    build: &str,
    ending: Ending,
    operator: &mut Operator<'_>,
) -> Result<()> {
    let (stage, show) = (operator.stage, operator.show);
    // On AWS the alarms are there as well; this scenario is about what the watch notices without them.
    let _alarms = (!scenario.breaks()).then(|| Alarms::relay(stage));
    show.say(&format!("pushing {build}; blue is active, on {FIRST}"));
    let pushed = Utc::now();
    let mut follow = Follow::new(stage, relay::push(stage, build).await?);
    if scenario.breaks() || scenario == Scenario::Alarm {
        follow.until(Some("Watch"), show, &operator.traffic).await?;
        operator.traffic.wait_for(build).await?;
    }
    if scenario == Scenario::Alarm {
        set_alarm(operator).await?;
    }
    let broken_at = break_it(scenario, build, operator).await?;
    let end = operator.end(&format!("a push of {build}"), follow).await?;
    check(ending, &end, &mut operator.report);
    check_order(scenario, &end, broken_at, &mut operator.report);
    if scenario == Scenario::ManualRollback {
        operator.traffic.wait_for(build).await?;
        roll_back(operator).await?;
    }
    let last = if scenario == Scenario::Good {
        build
    } else {
        FIRST
    };
    let expected = format!("{last} answers at the end");
    operator.answers(&expected, last).await;
    let (counts, report) = (operator.traffic.counts(), &mut operator.report);
    report.failed_requests(&counts, scenario.breaks().then_some(build));
    report.times(pushed, &end, &counts, build);
    Ok(())
}

/// Breaks a version that can break, now that customers are on it; when that was.
async fn break_it(
    scenario: Scenario,
    build: &str,
    operator: &Operator<'_>,
) -> Result<DateTime<Utc>> {
    if scenario.breaks() {
        let text = format!("a customer orders coffee, which {build} cannot make");
        operator.show.say(&text);
        let request = operator.stage.request(BREAKS_IT, None);
        request.send().await.context("nobody takes the order")?;
    }
    Ok(Utc::now())
}

/// What came before what; how many seconds it took depends on the machine.
fn check_order(scenario: Scenario, end: &End, broken_at: DateTime<Utc>, report: &mut Report) {
    let verdict = end.last_verdict();
    if scenario == Scenario::Good {
        let expected = "because it is healthy, not for want of requests";
        report.check(expected, verdict.starts_with("healthy"), verdict);
    }
    if scenario == Scenario::Alarm {
        let expected = "the alarm flipped back before any verdict did";
        // The customers have the previous version again by then.
        let later = end.entered_since("Flip back", broken_at) > 0;
        report.check(expected, later, verdict);
    }
    if scenario == Scenario::BreaksUnderTraffic {
        let probes = end.entered_since("Probe new environment", broken_at);
        let expected = format!("the probes of {POLLS} polls are enough");
        let found = format!("{probes} after the version broke");
        report.check(&expected, (1..=POLLS).contains(&probes), &found);
    }
}

/// Compares an execution's end with what it should be.
fn check(ending: Ending, end: &End, report: &mut Report) {
    let (found, result) = (end.describe(), &end.output["result"]);
    let (expected, fits) = match ending {
        Ending::Released => (
            "the execution SUCCEEDED: released to green".to_owned(),
            *result == "released" && end.output["to"] == "green",
        ),
        Ending::NothingToRelease => (
            "the execution SUCCEEDED: nothing to release".to_owned(),
            *result == "nothing to release",
        ),
        Ending::Failed(error, cause) => (
            format!("the execution FAILED with {error}, because of {cause:?}"),
            end.status == ExecutionStatus::Failed
                && end.error == error
                && end.cause.contains(cause),
        ),
    };
    report.check(&expected, fits, &found);
    let flipped = end.entered("Flip traffic");
    let expected = match ending.flips() {
        true => "traffic was flipped",
        false => "traffic was never flipped",
    };
    report.check(expected, ending.flips() == flipped, &found);
}

/// Sets green's alarm off and waits for the previous version.
async fn set_alarm(operator: &mut Operator<'_>) -> Result<()> {
    let (stage, show) = (operator.stage, operator.show);
    let name = format!("{}-green-5xx", stage.service);
    show.say(&format!("setting off the alarm {name}"));
    let began = Instant::now();
    let call = stage.aws.cloudwatch().set_alarm_state().alarm_name(name);
    let call = call.state_reason("Threshold Crossed: 14 > 10");
    let alarm = call.state_value(StateValue::Alarm).send().await;
    alarm.context("cannot set the alarm")?;
    operator.traffic.wait_for(FIRST).await?;
    let seconds = began.elapsed().as_secs_f64();
    show.say(&format!(
        "{FIRST} answers again, {seconds:.1} s after the alarm"
    ));
    operator.report.measured("alarm to flip back", seconds);
    Ok(())
}

async fn roll_back(operator: &mut Operator<'_>) -> Result<()> {
    let input = json!({"action": "rollback", "reason": "customers see wrong prices"});
    let end = operator.request(&input).await?;
    let succeeded = end.status == ExecutionStatus::Succeeded;
    let report = &mut operator.report;
    report.check("the rollback SUCCEEDED", succeeded, &end.cause);
    Ok(())
}
