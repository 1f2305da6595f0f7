//! The stories, and how each of them should end.

use crate::follow::{End, Follow};
use crate::relay::{self, Alarms};
use crate::report::Report;
use crate::show::Show;
use crate::stage::{FIRST, Parameters, Stage, Timing};
use crate::traffic::Traffic;
use anyhow::{Context, Result, bail};
use aws_sdk_cloudwatch::types::StateValue;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A story on the stage. Each begins with v1.0.0 live in blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// v1.1.0 is pushed and released
    Good,
    /// the live image is pushed again: nothing to release
    AlreadyLive,
    /// the new tasks end at their start
    CrashLoop,
    /// the new tasks say that they are unhealthy
    Unhealthy,
    /// the new tasks answer a ping wrongly
    SmokeFails,
    /// the new version breaks under traffic: the probes see it at once and flip back
    BreaksUnderTraffic,
    /// only what no probe asks for breaks under traffic: the metrics flip back
    ErrorsAfterFlip,
    /// an alarm goes off during the watch: the alarm itself flips back
    Alarm,
    /// after a release an operator wants the old version back
    ManualRollback,
    /// the idle environment is brought to what is live
    Sync,
    /// the schema is expanded, and contracted once the old code is gone
    Migration,
}

/// How long traffic may take to show what a rule says: a few requests.
const SEEN_WITHIN: Duration = Duration::from_secs(10);

impl Scenario {
    /// The build that is pushed.
    fn build(self) -> &'static str {
        match self {
            Scenario::AlreadyLive => FIRST,
            Scenario::Good | Scenario::Alarm | Scenario::ManualRollback | Scenario::Sync => {
                "v1.1.0"
            }
            Scenario::Migration => "v2.0.0",
            Scenario::CrashLoop => "v1.1.0-crash",
            Scenario::Unhealthy => "v1.1.0-unhealthy",
            Scenario::SmokeFails => "v1.1.0-wrong-ping",
            Scenario::BreaksUnderTraffic => "v1.1.0-breaks-under-traffic",
            Scenario::ErrorsAfterFlip => "v1.1.0-breaks-orders",
        }
    }

    /// Whether the new version fails customers, and has to be noticed by the watch itself.
    pub fn breaks(self) -> bool {
        matches!(
            self,
            Scenario::BreaksUnderTraffic | Scenario::ErrorsAfterFlip
        )
    }

    /// Seconds from the first failed request until the last customer is back on the old version.
    fn noticed_within(self, timing: Timing) -> u32 {
        if self == Scenario::BreaksUnderTraffic {
            timing.poll_seconds + 2
        } else {
            timing.watch_seconds + timing.grace_seconds
        }
    }

    /// What its stack is given beside the usual.
    pub fn parameters(self) -> Parameters<'static> {
        match self {
            Scenario::Migration => &[("StableReleasesBeforeContract", "1")],
            Scenario::Good
            | Scenario::AlreadyLive
            | Scenario::CrashLoop
            | Scenario::Unhealthy
            | Scenario::SmokeFails
            | Scenario::BreaksUnderTraffic
            | Scenario::ErrorsAfterFlip
            | Scenario::Alarm
            | Scenario::ManualRollback
            | Scenario::Sync => &[],
        }
    }

    /// Tells the story and compares its end with what it should be.
    pub async fn run(self, stage: &Arc<Stage>, show: &Show) -> Result<Report> {
        let mut report = Report::new(self, Utc::now());
        match self {
            Scenario::Sync => crate::stories::sync(stage, show, &mut report).await?,
            Scenario::Migration => crate::stories::migration(stage, show, &mut report).await?,
            Scenario::Good
            | Scenario::AlreadyLive
            | Scenario::CrashLoop
            | Scenario::Unhealthy
            | Scenario::SmokeFails
            | Scenario::BreaksUnderTraffic
            | Scenario::ErrorsAfterFlip
            | Scenario::Alarm
            | Scenario::ManualRollback => return self.release(stage, show).await,
        }
        Ok(report)
    }

    /// The story of one push.
    async fn release(self, stage: &Arc<Stage>, show: &Show) -> Result<Report> {
        let traffic = Traffic::start(stage);
        seen(&traffic, FIRST).await?;
        // On AWS the alarms are there as well; this story is about what the watch finds without them.
        let _alarms = (!self.breaks()).then(|| Alarms::relay(stage));
        let build = self.build();
        show.say(&format!("pushing {build}; {FIRST} is live in blue"));
        let pushed = Utc::now();
        let mut follow = Follow::new(stage, relay::push(stage, build).await?);
        let mut report = Report::new(self, pushed);
        if self == Scenario::Alarm {
            follow.until(Some("Watch"), show, &traffic).await?;
            report.flipped_back_by_alarm(set_alarm(stage, show, &traffic).await?);
        }
        let end = follow.end(show, &traffic).await?;
        self.judge(&end, &mut report);
        if self == Scenario::ManualRollback {
            seen(&traffic, build).await?;
            let back = roll_back(stage, show, &traffic).await?;
            report.check(
                "the rollback SUCCEEDED",
                back.status == ExecutionStatus::Succeeded,
                &back.cause,
            );
        }
        let live = if self == Scenario::Good { build } else { FIRST };
        let seen = seen(&traffic, live).await;
        report.check(
            &format!("{live} answers at the end"),
            seen.is_ok(),
            &format!("{seen:?}"),
        );
        report.traffic(&end, &traffic.counts(), build);
        if self.breaks() {
            let limit = self.noticed_within(stage.timing);
            report.flipped_back(&traffic.counts(), build, limit.into());
        }
        Ok(report)
    }

    fn judge(self, end: &End, report: &mut Report) {
        let said = format!("{} {}: {}", end.status, end.error, end.cause);
        let expect_failure = |report: &mut Report, error: &str, cause: &str| {
            let fits = end.status == ExecutionStatus::Failed
                && end.error == error
                && end.cause.contains(cause);
            report.check(
                &format!("the execution FAILED with {error}, telling {cause:?}"),
                fits,
                &said,
            );
        };
        match self {
            Scenario::Good | Scenario::ManualRollback | Scenario::Sync | Scenario::Migration => {
                let released = end.output["result"] == "released" && end.output["to"] == "green";
                report.check(
                    "the execution SUCCEEDED: released to green",
                    released,
                    &said,
                );
            }
            Scenario::AlreadyLive => {
                let nothing = end.output["result"] == "nothing to release";
                report.check(
                    "the execution SUCCEEDED: nothing to release",
                    nothing,
                    &said,
                );
            }
            Scenario::CrashLoop => expect_failure(report, "DeploymentFailed", "exited with 1"),
            Scenario::Unhealthy => expect_failure(report, "SmokeTestFailed", "health on"),
            Scenario::SmokeFails => {
                expect_failure(report, "SmokeTestFailed", "$.pong = true, found false")
            }
            Scenario::BreaksUnderTraffic => {
                expect_failure(report, "ReleaseRolledBack", "failing targets")
            }
            Scenario::ErrorsAfterFlip => expect_failure(report, "ReleaseRolledBack", "target 5xx"),
            Scenario::Alarm => {
                expect_failure(report, "ReleaseRolledBack", "-green-5xx: Threshold Crossed")
            }
        }
        let flips = self.breaks()
            || matches!(
                self,
                Scenario::Good | Scenario::ManualRollback | Scenario::Alarm
            );
        let flipped = end.states.iter().any(|state| state == "Flip traffic");
        report.check(
            if flips {
                "traffic moved"
            } else {
                "traffic never moved"
            },
            flips == flipped,
            &said,
        );
    }
}

/// Waits until `version` answers customers.
pub async fn seen(traffic: &Traffic, version: &str) -> Result<()> {
    let began = Instant::now();
    while traffic.counts().live() != Some(version) {
        if began.elapsed() > SEEN_WITHIN {
            bail!(
                "expected {version} to answer, found {:?}",
                traffic.counts().live()
            );
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Sets green's alarm off and waits for the old version; the seconds between.
async fn set_alarm(stage: &Stage, show: &Show, traffic: &Traffic) -> Result<f64> {
    seen(traffic, Scenario::Alarm.build()).await?;
    let name = format!("{}-green-5xx", stage.service);
    show.say(&format!("setting alarm {name} off"));
    let began = Instant::now();
    let call = stage
        .aws
        .cloudwatch()
        .set_alarm_state()
        .alarm_name(name)
        .state_value(StateValue::Alarm);
    call.state_reason("Threshold Crossed: 14 > 10")
        .send()
        .await
        .context("cannot set the alarm")?;
    seen(traffic, FIRST).await?;
    let seconds = began.elapsed().as_secs_f64();
    show.say(&format!(
        "{FIRST} answers again, {seconds:.1} s after the alarm"
    ));
    Ok(seconds)
}

async fn roll_back(stage: &Stage, show: &Show, traffic: &Traffic) -> Result<End> {
    show.say("an operator asks for the old version");
    let input = json!({"action": "rollback", "reason": "customers see wrong prices"});
    let follow = Follow::new(stage, relay::ask(stage, &input).await?);
    follow.end(show, traffic).await
}

/// Seconds from `from` to `to`.
pub fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).as_seconds_f64()
}
