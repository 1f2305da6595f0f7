//! evaluate-metrics at its edge: before the release it reads the service's traffic, before a flip the alarms, and after
//! one what shows how the release does, for the verdict.

use crate::answer::Answer;
use crate::decide::{Judgement, Verdict, judge};
pub use crate::evaluate::Evaluate;
use crate::look::{Look, in_time};
use crate::look_back::look_back;
use crate::measured::{About, measured, measured_steps};
use crate::snapshot::Snapshot;
use crate::task::{Poll, Task};
use crate::traffic;
use crate::usual_traffic::window_from;
use crate::watch::Watch;
use chrono::Utc;
use serde_json::Value;
use shared::runtime::read_task;
use shared::{Error, emf};
use tracing::info;

impl Evaluate {
    /// Does one task of the state machine.
    ///
    /// # Errors
    /// - `InvalidInput`: the payload is no task, or names a step that its plan has not.
    /// - Before the flip also the errors of [`shared::alarms::AlarmPolicy::states`] and of [`crate::metrics::read`], and after a flip back those
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

    async fn judge(&self, poll: Poll) -> Result<Answer, Error> {
        let watch = Watch::of(&poll.plan, poll.step)?;
        let Look {
            snapshot,
            last_read,
            targets,
        } = Box::pin(self.look(&poll, &watch, Utc::now())).await;
        let judgement = judge(&snapshot, &watch, &self.policy);
        log(&poll, &snapshot, &judgement);
        let is_open = judgement.verdict == Verdict::Inconclusive;
        let since = snapshot.inconclusive_since.unwrap_or(snapshot.now);
        let measured = measured_steps(&judgement, poll.step, poll.measured);
        let would_flip_back = poll.would_flip_back.or(judgement.would_flip_back.clone());
        Ok(Answer::Verdict {
            warnings: judgement.warnings(would_flip_back.as_deref()),
            judgement,
            measured,
            failed: snapshot.failed(),
            inconclusive_since: is_open.then_some(since),
            last_read,
            would_flip_back,
            targets,
        })
    }
}

/// What the poll found, in the log and as metrics.
fn log(poll: &Poll, snapshot: &Snapshot, judgement: &Judgement) {
    let (verdict, decision) = (judgement.verdict, judgement.decision);
    let numbers = serde_json::to_string(&judgement.numbers).unwrap_or_default();
    let reason = &judgement.reason;
    info!(release = %poll.plan.release, ?verdict, ?decision, numbers, "{reason}");
    let has_been = poll.measured > poll.step;
    let about = About::of(&poll.plan.release, judgement);
    emf::emit(snapshot.now, &measured(judgement, has_been), &about);
}

#[cfg(test)]
#[path = "handler_tests.rs"]
mod tests;
