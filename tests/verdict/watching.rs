//! A release while it is watched: what is observed at each poll, and the step that it is at.

use crate::defaults::{GRACE, Steps};
use crate::release::{Release, Rollout};
use chrono::TimeDelta;
use evaluate_metrics::decide::{Judgement, judge};
use evaluate_metrics::policy::Policy;
use evaluate_metrics::snapshot::{Forwarding, Metrics, Snapshot};
use evaluate_metrics::targets::TargetSummary;
use evaluate_metrics::watch::Watch;
use shared::{Environment, Share, Step, Traffic};

pub struct Watching<'a> {
    rollout: Rollout<'a>,
    snapshot: Snapshot,
    steps: Steps,
    /// Of the step.
    number: usize,
    /// Seconds after the first flip at which the step began.
    since: u32,
    /// Seconds by which CloudWatch is late.
    delay: f64,
    /// Minutes from the flip's on that the snapshot has.
    reported: usize,
}

impl<'a> Watching<'a> {
    pub fn begin(release: &'a Release, fault: f64, steps: Steps, delay: f64) -> Watching<'a> {
        let mut watching = Watching {
            rollout: release.roll_out(fault),
            snapshot: snapshot(release),
            steps,
            number: 0,
            since: 0,
            delay,
            reported: 0,
        };
        watching.flip(0);
        watching
    }

    /// What the verdict is so many seconds after the first flip. None where it can be none but that of the poll before:
    /// nothing new is reported, and neither the step nor its grace ends.
    pub fn poll(&mut self, seconds: u32, policy: &Policy) -> Option<Judgement> {
        let reported = self.rollout.report(seconds.into(), self.delay);
        let end = self.since + self.steps[self.number].1;
        if reported == self.reported && seconds != end && seconds != end + GRACE {
            return None;
        }
        if let Some(Ok(metrics)) = &mut self.snapshot.metrics {
            for [previous, new] in (self.reported..reported).map(|it| self.rollout.minute(it)) {
                metrics.previous.push(previous);
                metrics.new.push(new);
            }
        }
        self.reported = reported;
        self.snapshot.now = self.snapshot.flipped_at + TimeDelta::seconds(seconds.into());
        Some(judge(&self.snapshot, &self.watch(), policy))
    }

    /// The next step begins.
    pub fn advance(&mut self, seconds: u32) {
        self.number += 1;
        self.since = seconds;
        self.snapshot.share_since = self.snapshot.now;
        self.flip(seconds);
    }

    /// Requests that failed for the fault alone.
    pub fn failed(&self, seconds: u32) -> f64 {
        self.rollout.failed(seconds.into())
    }

    fn flip(&mut self, seconds: u32) {
        let Watch { to, step, .. } = self.watch();
        let share = step.share;
        self.rollout
            .flip(seconds.into(), f64::from(share.percent()) / 100.0);
        self.snapshot.forwarding = Some(Ok(Forwarding::To(Traffic { to, share })));
    }

    fn watch(&self) -> Watch {
        let (percent, seconds) = self.steps[self.number];
        let share = Share::new(percent).expect("a share");
        Watch {
            to: Environment::Green,
            step: Step { share, seconds },
            number: self.number,
            steps: self.steps.len(),
            active_since: None,
        }
    }
}

/// What is observed before anything is reported of the new environment.
fn snapshot(release: &Release) -> Snapshot {
    let targets = TargetSummary {
        registered: 2,
        healthy: 2,
        asked: 2,
        ..TargetSummary::default()
    };
    Snapshot {
        flipped_at: release.flipped_at(),
        share_since: release.flipped_at(),
        now: release.flipped_at(),
        forwarding: Some(Ok(Forwarding::To(Traffic::all(Environment::Green)))),
        targets: Ok(targets),
        failed_before: false,
        failing_since: None,
        inconclusive_since: None,
        alarms: Some(Ok(Vec::new())),
        metrics: Some(Ok(Metrics {
            previous: release.before.clone(),
            ..Metrics::default()
        })),
    }
}
