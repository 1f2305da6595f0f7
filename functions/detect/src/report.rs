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
        if record.holder.as_ref() == Some(&execution.id) {
            // An earlier try of a sync that was asked for where something has drifted.
            return Ok(Answer::Drifted {
                reason: "this execution has begun to put it right".to_owned(),
                findings: Vec::new(),
            });
        }
        if let Some(holder) = record.holder_other_than(&execution.id) {
            return Ok(match self.gone(&record, &execution.id).await? {
                None => Answer::Skip {
                    reason: format!(
                        "{holder} is in progress, so the environments are meant to differ"
                    ),
                },
                Some(gone) => Answer::Drifted {
                    reason: format!("{gone} was ended before its end, and idle is as it left it"),
                    findings: Vec::new(),
                },
            });
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
