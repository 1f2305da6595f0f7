//! The report of drift, for the schedule: it looks as a release does, and touches nothing.

use crate::handler::Detect;
use crate::preflight::{self, Finding, Seen, Severity};
use crate::task::{Answer, Execution};
use crate::world::Found;
use chrono::Utc;
use shared::Error;

impl Detect {
    /// Tells how far the environments are from what the pipeline left there.
    pub async fn report_drift(&self, execution: &Execution) -> Result<Answer, Error> {
        let (record, found) = (self.store.load().await?, self.world.look().await?);
        if let Some(holder) = record.holder_other_than(&execution.id) {
            let reason =
                format!("{holder} is in progress, so the environments are meant to differ");
            return Ok(Answer::Skip { reason });
        }
        let images = self.images_of(&found, None).await;
        let seen = Seen {
            found: &found,
            images: &images,
            record: &record,
            now: Utc::now(),
        };
        Ok(drift_of(&found, preflight::drift(&seen)))
    }
}

/// Only what was found is drift; what could not be looked up is told beside it.
fn drift_of(found: &Found, findings: Vec<Finding>) -> Answer {
    let told: Vec<String> = findings.iter().map(Finding::tell).collect();
    let drifted = findings.iter().any(|it| it.severity != Severity::Unknown);
    match &found.active {
        Err(reason) => Answer::Drifted {
            reason: reason.clone(),
            findings,
        },
        Ok(_) if drifted => Answer::Drifted {
            reason: told.join("; "),
            findings,
        },
        Ok(active) => {
            let mut reason = vec![format!("no drift was found; {active} is active")];
            reason.extend(told);
            Answer::Skip {
                reason: reason.join("; "),
            }
        }
    }
}
