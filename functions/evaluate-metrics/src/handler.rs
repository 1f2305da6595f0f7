//! evaluate-metrics at its edge: before the release it reads the service's traffic, before a flip the alarms, and after
//! one everything that shows how the release does, at the same time, for the verdict.

use crate::answer::Answer;
use crate::decide::{Verdict, judge};
use crate::look_back::look_back;
use crate::measured::{About, measured, measured_steps};
use crate::metrics::{self, Dimensions, Window, dimension};
use crate::policy::Policy;
use crate::probe::summarize;
use crate::snapshot::{Forwarding, Metrics, Snapshot};
use crate::task::{Poll, Task};
use crate::traffic;
use crate::usual_traffic::window_from;
use crate::watch::{Watch, baseline_from};
use chrono::Utc;
use serde_json::Value;
use shared::alarms::{AlarmPolicy, AlarmState};
use shared::routing::{Routing, live_rules};
use shared::runtime::read_task;
use shared::targets::{TargetHealth, target_health};
use shared::{Error, ReleasePlan, Target, Time, emf, first_targets};
use std::time::Duration;
use tracing::info;

/// How long each read may take: what has not answered by then is read at the next poll. The function itself has 30 s.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// The function with its clients and configuration.
pub struct Evaluate {
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub routing: Routing,
    /// ARN of the load balancer.
    pub load_balancer: String,
    pub alarms: AlarmPolicy,
    pub policy: Policy,
}

impl Evaluate {
    /// Does one task of the state machine.
    ///
    /// # Errors
    /// - `InvalidInput`: the payload is no task, or names a step that its plan has not.
    /// - Before the flip also the errors of [`AlarmPolicy::states`] and of [`metrics::read`], and after a flip back those
    ///   of the latter.
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        match read_task(payload)? {
            Task::CheckAlarms { plan } => {
                let alarms = self.alarms.states(&self.cloudwatch, plan.to).await?;
                let check = self.alarms.check_before_flip(&alarms, plan.to);
                info!(release = %plan.release, ?check, "{}", check.reason);
                Ok(Answer::PreFlipCheck(check))
            }
            Task::CheckTraffic { plan } => {
                let now = Utc::now();
                let from = window_from(now, &self.policy);
                let metrics = in_time(self.metrics(&plan, from, now)).await?;
                let check = traffic::check(&metrics, &plan, now, &self.policy);
                info!(release = %plan.release, ?check, "{}", check.reason);
                Ok(Answer::Traffic(check))
            }
            Task::Judge(poll) => self.judge(poll).await,
            Task::LookBack { plan, flipped_at } => {
                let from = self.baseline(&plan, flipped_at);
                let metrics = in_time(self.metrics(&plan, from, flipped_at)).await?;
                let found = look_back(&metrics, &plan, flipped_at, &self.policy);
                let note = found
                    .note
                    .as_deref()
                    .unwrap_or("no more errors than before");
                info!(release = %plan.release, "{} after the flip back: {note}", plan.from);
                Ok(Answer::LookBack(found))
            }
        }
    }

    /// Whatever cannot be read is an open question, never an error: the watch goes on, and the next poll reads again.
    async fn judge(&self, poll: Poll) -> Result<Answer, Error> {
        let watch = Watch::of(&poll.plan, poll.step)?;
        let (plan, flipped_at) = (&poll.plan, poll.flipped_at);
        let (rules, health, alarms, metrics) = tokio::join!(
            in_time(live_rules(&self.elb, &self.routing.rule_arns)),
            in_time(target_health(&self.elb, &plan.idle.target_group)),
            in_time(self.alarms.states(&self.cloudwatch, plan.to)),
            in_time(self.metrics(plan, self.baseline(plan, flipped_at), flipped_at)),
        );
        let now = Utc::now();
        let open_before = poll.inconclusive_since.map(|since| since.unwrap_or(now));
        let probe = poll.probe.unwrap_or_default();
        let judges = |alarm: &AlarmState| !poll.ignored_alarms.contains(&alarm.name);
        let snapshot = Snapshot {
            flipped_at,
            share_since: poll.share_since.unwrap_or(flipped_at),
            now,
            forwarding: rules.map(|rules| {
                let traffic = self.routing.traffic(&rules, plan.to);
                traffic.map_or_else(Forwarding::Unclear, Forwarding::To)
            }),
            targets: health.clone().map(|health| summarize(&health, &probe)),
            failed_before: poll.failed_before,
            inconclusive_since: open_before,
            alarms: alarms.map(|alarms| alarms.into_iter().filter(judges).collect()),
            metrics,
        };
        let judgement = judge(&snapshot, &watch, &self.policy);
        let (verdict, decision) = (judgement.verdict, judgement.decision);
        let is_open = verdict == Verdict::Inconclusive;
        let numbers = serde_json::to_string(&judgement.numbers).unwrap_or_default();
        info!(release = %plan.release, ?verdict, ?decision, numbers, "{}", judgement.reason);
        let about = About::of(&plan.release, &judgement);
        let has_been = poll.measured > poll.step;
        emf::emit(snapshot.now, &measured(&judgement, has_been), &about);
        let measured = measured_steps(&judgement, poll.step, poll.measured);
        let would_flip_back = poll.would_flip_back.or(judgement.would_flip_back.clone());
        Ok(Answer::Verdict {
            warnings: judgement.warnings(would_flip_back.as_deref()),
            judgement,
            measured,
            failed: snapshot.failed(),
            inconclusive_since: is_open.then(|| open_before.unwrap_or(now)),
            would_flip_back,
            targets: health.ok().map(healthy),
        })
    }

    /// When the baseline begins.
    fn baseline(&self, plan: &ReleasePlan, flipped_at: Time) -> Time {
        baseline_from(flipped_at, self.policy.baseline_seconds, plan.active_since)
    }

    /// Everything from `from` until now.
    async fn metrics(
        &self,
        plan: &ReleasePlan,
        from: Time,
        flipped_at: Time,
    ) -> Result<Metrics, Error> {
        let dimensions = Dimensions {
            previous_target_group: dimension(&plan.active.target_group),
            new_target_group: dimension(&plan.idle.target_group),
            load_balancer: dimension(&self.load_balancer),
        };
        let window = Window {
            from,
            flipped_at,
            now: Utc::now(),
        };
        metrics::read(&self.cloudwatch, &dimensions, window).await
    }
}

async fn in_time<T>(read: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let seconds = READ_TIMEOUT.as_secs();
    let late = |_| Error::AwsUnavailable(format!("AWS did not answer within {seconds} s"));
    let in_time = tokio::time::timeout(READ_TIMEOUT, read).await;
    in_time.map_err(late)?
}

fn healthy(health: Vec<TargetHealth>) -> Vec<Target> {
    let healthy = health.into_iter().filter(TargetHealth::is_healthy);
    first_targets(healthy.map(|target| target.target))
}

#[cfg(test)]
#[path = "handler_tests.rs"]
mod tests;
