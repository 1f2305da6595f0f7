//! The report of drift, for the schedule: it observes as a release does, and writes nothing.

use super::context::Context;
use super::holder::dead_holder;
use super::unfinished::explain_split;
use crate::look::{PushTimes, Snapshot, observe, push_times};
use crate::preflight::{Evidence, Finding, REASON, Severity, describe, drift, shown};
use crate::task::Answer;
use chrono::Utc;
use migrations::Report;
use record::Record;
use shared::{Error, ExecutionArn, within};

/// Says how far the environments are from what the pipeline left there.
pub(crate) async fn report_drift(context: &Context, me: &ExecutionArn) -> Result<Answer, Error> {
    let record = context.store.load().await?;
    let mut snapshot = observe(&context.observer).await?;
    explain_split(&context.observer.routing, &mut snapshot, &record);
    if record.holder.is_some() {
        return while_held(context, &record, me).await;
    }
    let push_times = push_times(&context.observer, snapshot.digests(), PushTimes::new()).await;
    let now = Utc::now();
    let evidence = Evidence {
        snapshot: &snapshot,
        routing: &context.observer.routing,
        container: &context.observer.container,
        repository: &context.observer.own_repository(me),
        images: &context.observer.images,
        push_times: &push_times.map_err(Into::into),
        record: &record,
        sql: &Report::default(),
        short_steps: None,
        since: now,
        now,
    };
    Ok(report(&snapshot, drift(&evidence)))
}

async fn while_held(
    context: &Context,
    record: &Record,
    me: &ExecutionArn,
) -> Result<Answer, Error> {
    let dead_holder = dead_holder(&context.sfn, record, me).await?;
    let reason = match (record.holder_other_than(me), dead_holder) {
        // An earlier try of a sync that was requested for the case that something has drifted.
        (None, _) => "this execution has begun to put it right".to_owned(),
        (_, Some(dead)) => {
            format!("{dead} has ended without releasing the record, and idle is as it left it")
        }
        (Some(holder), None) => {
            let reason =
                format!("{holder} is in progress, so the environments are meant to differ");
            return Ok(Answer::skip(reason));
        }
    };
    Ok(Answer::Drifted {
        reason,
        findings: Vec::new(),
    })
}

/// Only what was found is drift; what could not be looked up is said beside it.
fn report(snapshot: &Snapshot, findings: Vec<Finding>) -> Answer {
    let mut described = within(REASON, describe(&findings));
    let drifted = findings.iter().any(|it| it.severity != Severity::Unknown);
    let reason = match &snapshot.active {
        Err(reason) => reason.to_string(),
        Ok(_) if drifted => described.join(" "),
        Ok(active) => {
            described.insert(0, format!("no drift was found; {active} is active."));
            let reason = described.join(" ");
            return Answer::skip(reason);
        }
    };
    let findings = shown(&findings);
    Answer::Drifted { reason, findings }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::EnvironmentObservation;
    use shared::{Environment, PerEnvironment};

    fn snapshot() -> Snapshot {
        Snapshot {
            active: Ok(Environment::Blue),
            rules: Vec::new(),
            environments: PerEnvironment {
                blue: EnvironmentObservation::test("blue"),
                green: EnvironmentObservation::test("green"),
            },
        }
    }

    fn finding(name: &'static str, severity: Severity, found: &str) -> Finding {
        Finding {
            name,
            severity,
            found: found.to_owned(),
            matters: "It matters.",
            remedy: "Mend it.",
        }
    }

    #[test]
    fn a_report_is_made_of_whole_sentences() {
        let gone = |found| finding("image-gone", Severity::Warning, found);
        let moved = finding("rule-moved", Severity::Warning, "the rules forward to blue");
        let findings = vec![gone("blue runs a"), moved, gone("green runs b.")];
        let Answer::Drifted { reason, findings } = report(&snapshot(), findings) else {
            panic!("no drift")
        };
        let expect = "image-gone: blue runs a; green runs b. It matters. Mend it. \
                      rule-moved: the rules forward to blue. It matters. Mend it.";
        assert_eq!((reason.as_str(), findings.len()), (expect, 3));
    }

    #[test]
    fn what_could_not_be_looked_up_is_no_drift() {
        let unknown = finding("image-gone", Severity::Unknown, "AWS did not answer");
        let Answer::Skip { reason, .. } = report(&snapshot(), vec![unknown]) else {
            panic!("drift")
        };
        let expect = "no drift was found; blue is active. image-gone: AWS did not answer. It matters. Mend it.";
        assert_eq!(reason, expect);
    }
}
