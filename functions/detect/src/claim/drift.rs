//! The report of drift, for the schedule: it observes as a release does, and writes nothing.

use super::context::Context;
use super::holder::dead_holder;
use crate::look::{Snapshot, observe, pushed_images};
use crate::preflight::{Evidence, Finding, Severity, drift};
use crate::task::{Answer, Execution};
use chrono::Utc;
use record::Record;
use shared::Error;

/// Says how far the environments are from what the pipeline left there.
pub(crate) async fn report_drift(
    context: &Context,
    execution: &Execution,
) -> Result<Answer, Error> {
    let record = context.store.load().await?;
    let snapshot = observe(&context.environments).await?;
    if record.holder.is_some() {
        return while_held(context, &record, execution).await;
    }
    let digests = snapshot.digests().cloned().collect();
    let images = pushed_images(&context.repository, digests).await;
    let evidence = Evidence {
        snapshot: &snapshot,
        images: &images.map_err(Into::into),
        record: &record,
        now: Utc::now(),
    };
    Ok(report(&snapshot, drift(&evidence)))
}

async fn while_held(
    context: &Context,
    record: &Record,
    execution: &Execution,
) -> Result<Answer, Error> {
    let Some(holder) = record.holder_other_than(&execution.arn) else {
        // An earlier try of a sync that was requested for the case that something has drifted.
        return Ok(Answer::Drifted {
            reason: "this execution has begun to put it right".to_owned(),
            findings: Vec::new(),
        });
    };
    Ok(
        match dead_holder(&context.sfn, record, &execution.arn).await? {
            None => Answer::Skip {
                reason: format!("{holder} is in progress, so the environments are meant to differ"),
            },
            Some(dead_holder) => Answer::Drifted {
                reason: format!(
                    "{dead_holder} has ended without releasing the record, and idle is as it left it"
                ),
                findings: Vec::new(),
            },
        },
    )
}

/// Only what was found is drift; what could not be looked up is said beside it.
fn report(snapshot: &Snapshot, findings: Vec<Finding>) -> Answer {
    let described: Vec<String> = findings.iter().map(Finding::describe).collect();
    let mut severities = findings.iter().map(|finding| finding.severity);
    let drifted = severities.any(|severity| severity != Severity::Unknown);
    match &snapshot.active {
        Err(reason) => Answer::Drifted {
            reason: reason.to_string(),
            findings,
        },
        Ok(_) if drifted => Answer::Drifted {
            reason: described.join("; "),
            findings,
        },
        Ok(active) => {
            let mut reasons = vec![format!("no drift was found; {active} is active")];
            reasons.extend(described);
            Answer::Skip {
                reason: reasons.join("; "),
            }
        }
    }
}
