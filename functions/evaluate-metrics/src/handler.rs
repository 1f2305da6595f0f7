//! evaluate-metrics' way through AWS: before the flip the alarms; after it everything that tells of the release, at
//! the same time, then the verdict.

use crate::decide::{Judgement, judge};
use crate::metrics::{self, Names, Times, dimension};
use crate::policy::Policy;
use crate::probe::{self, Probe};
use crate::seen::{Found, Metrics, Seen};
use chrono::{TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::alarms::{Alarm, Alarms, Clearance};
use shared::lambda::read_task;
use shared::record::Time;
use shared::routing::{LiveRule, Routing, live_rules};
use shared::targets::{TargetHealth, target_health};
use shared::{Error, Plan, Target};
use std::time::Duration;
use tracing::info;

/// Whoever has not answered by then does so at the next look; the function itself has 30 s.
const PATIENCE: Duration = Duration::from_secs(20);

/// The function with its clients and configuration.
pub struct Evaluate {
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub routing: Routing,
    /// ARN of the load balancer.
    pub load_balancer: String,
    pub alarms: Alarms,
    pub policy: Policy,
}

/// The tasks of the state machine.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Task {
    /// Before the flip: whether the alarms could tell that the release is bad.
    CheckAlarms { plan: Plan },
    /// After the flip: the verdict.
    Judge {
        plan: Plan,
        flipped_at: Time,
        /// What smoke found at the live targets just now, if it was asked and could answer.
        probe: Option<Probe>,
        /// Alarms that were in ALARM before the flip.
        ignored_alarms: Vec<String>,
    },
}

/// What the state machine gets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    Clearance(Clearance),
    Verdict {
        #[serde(flatten)]
        judgement: Judgement,
        /// What a person should know of a release that is kept all the same.
        warnings: Vec<String>,
        /// The live targets, for the next probe; none where they could not be read.
        targets: Option<Vec<Target>>,
    },
}

impl Evaluate {
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        match read_task(payload)? {
            Task::CheckAlarms { plan } => {
                let alarms = self.alarms.look(&self.cloudwatch, plan.to).await?;
                let clearance = self.alarms.clear(&alarms, plan.to);
                info!(release = %plan.release, ?clearance, "{}", clearance.reason);
                Ok(Answer::Clearance(clearance))
            }
            Task::Judge {
                plan,
                flipped_at,
                probe,
                ignored_alarms,
            } => {
                let answer = self.judge(&plan, flipped_at, probe.as_ref(), &ignored_alarms);
                Ok(answer.await)
            }
        }
    }

    /// Whatever cannot be read is a question left open, never an error: the watch goes on and asks again.
    async fn judge(
        &self,
        plan: &Plan,
        flipped_at: Time,
        probe: Option<&Probe>,
        ignored_alarms: &[String],
    ) -> Answer {
        let (rules, health, alarms, metrics) = tokio::join!(
            in_time(live_rules(&self.elb, &self.routing.rules)),
            in_time(target_health(&self.elb, &plan.idle.target_group)),
            in_time(self.alarms.look(&self.cloudwatch, plan.to)),
            in_time(self.metrics(plan, flipped_at)),
        );
        let (rules, health): (Found<Vec<LiveRule>>, Found<Vec<TargetHealth>>) = (rules, health);
        let targets = health.clone().ok().map(live);
        let seen = Seen {
            flipped_at,
            now: Utc::now(),
            active: rules.map(|rules| self.routing.active(&rules)),
            targets: health.map(|health| probe::targets(&health, probe)),
            alarms: alarms.map(|alarms| with_a_say(alarms, ignored_alarms)),
            metrics,
        };
        let judgement = judge(&seen, plan.to, &self.policy);
        let (verdict, decision) = (judgement.verdict, judgement.decision);
        let numbers = serde_json::to_string(&judgement.numbers).unwrap_or_default();
        info!(release = %plan.release, ?verdict, ?decision, numbers, "{}", judgement.reason);
        Answer::Verdict {
            warnings: judgement.warnings(),
            judgement,
            targets,
        }
    }

    async fn metrics(&self, plan: &Plan, flipped_at: Time) -> Result<Metrics, Error> {
        let names = Names {
            old: dimension(&plan.active.target_group),
            new: dimension(&plan.idle.target_group),
            load_balancer: dimension(&self.load_balancer),
        };
        let times = Times {
            from: flipped_at - TimeDelta::seconds(self.policy.baseline_seconds),
            flipped_at,
            now: Utc::now(),
        };
        metrics::read(&self.cloudwatch, &names, times).await
    }
}

async fn in_time<T>(call: impl Future<Output = Result<T, Error>>) -> Found<T> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(found) => found.map_err(|error| error.to_string()),
        Err(_) => Err(format!(
            "AWS did not answer within {} s",
            PATIENCE.as_secs()
        )),
    }
}

fn live(health: Vec<TargetHealth>) -> Vec<Target> {
    let healthy = health.into_iter().filter(TargetHealth::is_healthy);
    healthy.map(|it| it.target).collect()
}

fn with_a_say(alarms: Vec<Alarm>, ignored: &[String]) -> Vec<Alarm> {
    let mut alarms = alarms;
    alarms.retain(|it| !ignored.contains(&it.name));
    alarms
}

#[cfg(test)]
#[path = "handler_tests.rs"]
mod tests;
