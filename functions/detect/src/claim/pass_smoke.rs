//! Writes into the record what passed the smoke test: smoke itself writes nothing in AWS.

use crate::task::{Answer, SmokeAnswer};
use record::{PassSmoke, PassedSmoke, Record, Store};
use shared::{Error, ExecutionArn, Refusal, ReleaseId};

/// What the record is to say of the smoke test; refused where it did not pass, or was one of another release.
///
/// smoke answers for the plan that it was given. So an answer that reached the wrong execution, or an old one, shows.
pub fn passed_smoke(
    execution: &ExecutionArn,
    release: &ReleaseId,
    smoke: &SmokeAnswer,
    task_definition: &str,
) -> Result<PassedSmoke, Refusal> {
    if !smoke.passed {
        return Err(format!("the smoke test of release {release} did not pass").into());
    }
    if smoke.release != *release {
        let tested = &smoke.release;
        return Err(Refusal::from(format!(
            "the smoke test was one of release {tested}, not of release {release}"
        )));
    }
    Ok(PassedSmoke {
        execution: execution.clone(),
        digest: smoke.digest.clone(),
        task_definition: task_definition.to_owned(),
    })
}

/// A refusal is an answer, which ends the release before its flip.
pub(crate) async fn pass_smoke(
    store: &Store,
    release: &ReleaseId,
    passed: Result<PassedSmoke, Refusal>,
) -> Result<Answer, Error> {
    let outcome = match &passed {
        Ok(passed) => {
            let pass = |record: &Record| {
                let pass = record.pass_smoke(release, passed);
                (pass.record(), pass)
            };
            store.change(pass).await?
        }
        Err(refusal) => PassSmoke::Refused(refusal.clone()),
    };
    let (recorded, reason) = match outcome {
        PassSmoke::Recorded(_) | PassSmoke::AlreadyRecorded => {
            let reason = format!("release {release} passed its smoke test");
            (true, reason)
        }
        PassSmoke::Refused(refusal) => (false, refusal.into_reason()),
    };
    Ok(Answer::SmokeTest { recorded, reason })
}
