//! One look at a release in its watch: what is due is read at the same time, and the targets' health always.
//!
//! Whatever cannot be read is an open question, never an error: the watch goes on, and the next look reads again.

use crate::due::{Due, LastRead};
use crate::evaluate::Evaluate;
use crate::probe::summarize;
use crate::snapshot::{Forwarding, Metrics, Read, Snapshot};
use crate::task::Poll;
use crate::watch::Watch;
use shared::alarms::AlarmState;
use shared::routing::{LiveRule, live_rules};
use shared::targets::{TargetHealth, target_health};
use shared::{Environment, Error, Target, Time, first_targets};
use std::time::Duration;

/// How long each read may take: what has not answered by then is read at the next look. The function itself has 30 s.
const READ_TIMEOUT: Duration = Duration::from_secs(20);

/// What was found.
pub(crate) struct Look {
    pub(crate) snapshot: Snapshot,
    pub(crate) last_read: LastRead,
    /// The healthy ones, as many as an answer holds. None where they could not be read.
    pub(crate) targets: Option<Vec<Target>>,
}

/// What AWS answered.
struct Found {
    rules: Read<Vec<LiveRule>>,
    health: Result<Vec<TargetHealth>, Error>,
    alarms: Read<Vec<AlarmState>>,
    metrics: Read<Metrics>,
}

impl Evaluate {
    /// Reads what is due `now`.
    pub(crate) async fn look(&self, poll: &Poll, watch: &Watch, now: Time) -> Look {
        let share_since = poll.share_since.unwrap_or(poll.flipped_at);
        let due = Due::at(now, share_since, watch, poll.last_read);
        let found = self.find(poll, due).await;
        let before = poll.last_read.unwrap_or_default();
        let failing_since = before.failing.filter(|_| poll.failed_before);
        let mut last_read = LastRead {
            rules: read_at(now, &found.rules, before.rules),
            alarms: read_at(now, &found.alarms, before.alarms),
            failing: None,
        };
        let probe = poll.probe.clone().unwrap_or_default();
        let (rules, alarms, health) = (found.rules, found.alarms, found.health);
        let summary = health.as_deref().map(|it| summarize(it, &probe));
        let snapshot = Snapshot {
            flipped_at: poll.flipped_at,
            share_since,
            now,
            forwarding: rules.map(|it| it.map(|rules| self.forwarding(&rules, watch.to))),
            targets: summary.map_err(Error::clone),
            failed_before: poll.failed_before,
            failing_since,
            inconclusive_since: poll.inconclusive_since.map(|since| since.unwrap_or(now)),
            alarms: alarms.map(|it| it.map(|alarms| judging(alarms, &poll.ignored_alarms))),
            metrics: found.metrics,
        };
        let failed = snapshot.failed();
        last_read.failing = failed.then(|| failing_since.unwrap_or(now));
        Look {
            snapshot,
            last_read,
            targets: health.ok().map(healthy),
        }
    }

    async fn find(&self, poll: &Poll, due: Due) -> Found {
        let (plan, flipped_at) = (&poll.plan, poll.flipped_at);
        let baseline = self.baseline(plan, flipped_at);
        let (rules, health, alarms, metrics) = tokio::join!(
            read(due.rules, live_rules(&self.elb, &self.routing.rule_arns)),
            in_time(target_health(&self.elb, &plan.idle.target_group)),
            read(due.alarms, self.alarms.states(&self.cloudwatch, plan.to)),
            read(due.metrics, self.metrics(plan, baseline, flipped_at)),
        );
        Found {
            rules,
            health,
            alarms,
            metrics,
        }
    }

    fn forwarding(&self, rules: &[LiveRule], to: Environment) -> Forwarding {
        let traffic = self.routing.traffic(rules, to);
        traffic.map_or_else(Forwarding::Unclear, Forwarding::To)
    }
}

/// A read that is made only where it `is_due`.
async fn read<T>(is_due: bool, read: impl Future<Output = Result<T, Error>>) -> Read<T> {
    if is_due {
        Some(in_time(read).await)
    } else {
        None
    }
}

/// A read that must answer in time.
///
/// # Errors
/// `AwsUnavailable` where it does not, and the read's own.
pub(crate) async fn in_time<T>(read: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let seconds = READ_TIMEOUT.as_secs();
    let late = |_| Error::AwsUnavailable(format!("AWS did not answer within {seconds} s"));
    let in_time = tokio::time::timeout(READ_TIMEOUT, read).await;
    in_time.map_err(late)?
}

/// What could not be read is due again at the next look.
fn read_at<T>(now: Time, read: &Read<T>, before: Option<Time>) -> Option<Time> {
    let is_read = matches!(read, Some(Ok(_)));
    is_read.then_some(now).or(before)
}

fn judging(alarms: Vec<AlarmState>, ignored: &[String]) -> Vec<AlarmState> {
    let judges = |alarm: &AlarmState| !ignored.contains(&alarm.name);
    alarms.into_iter().filter(judges).collect()
}

fn healthy(health: Vec<TargetHealth>) -> Vec<Target> {
    let healthy = health.into_iter().filter(TargetHealth::is_healthy);
    first_targets(healthy.map(|target| target.target))
}
