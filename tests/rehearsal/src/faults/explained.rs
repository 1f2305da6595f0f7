//! Whether an end is explained to people, wherever they look: in the execution, in the record with its history, in the event
//! of the end, and in the notice. AWS gives some errors without any cause, which must not become an empty reason anywhere.

use crate::follow::End;
use crate::notices::{Event, Notice, plain};
use crate::stage::Stage;
use crate::state::State;
use anyhow::Result;
use aws_sdk_sfn::types::ExecutionStatus;

/// What is missing where an execution has ended; `state` was read after it. Without `told` nobody is to learn of it by an
/// event.
pub(super) async fn missing(
    stage: &Stage,
    end: &End,
    state: &State,
    told: bool,
) -> Result<Vec<String>> {
    let mut missing = of_execution(end);
    let release = state.record.release.as_ref();
    if let Some(release) = release.filter(|release| release.id.as_str() == end.release()) {
        let recorded = release.reason.as_deref().unwrap_or_default();
        missing.extend(of_reason("the record", recorded));
        let history = stage.recorded_reasons(end.release()).await?;
        if history.is_empty() {
            missing.push("I5: the history has no item of the release".to_owned());
        }
        let reasons = history.iter();
        missing.extend(reasons.flat_map(|reason| of_reason("the history", reason)));
    }
    if told {
        missing.extend(untold(stage, end).await?);
    }
    Ok(missing)
}

/// What the event of the end does not say, or the notice that is made of it.
async fn untold(stage: &Stage, end: &End) -> Result<Vec<String>> {
    let has_ended = |event: &Event| event.detail["times"]["ended"].is_string();
    let is_end = |event: &Event| event.is_of(&end.execution) && has_ended(event);
    let event = stage.inbox.events.wait(is_end).await?;
    let text = event.text("text");
    let mut missing = of_reason("the event", text);
    if end.status != ExecutionStatus::Succeeded && text != plain(&end.cause) {
        missing.push(format!("I5: the event says {text}"));
    }
    let lines = [event.text("title"), text];
    let says_so = |notice: &Notice| {
        notice.message.contains(&end.execution) && notice.lines().starts_with(&lines)
    };
    stage.inbox.wait(says_so).await?;
    Ok(missing)
}

fn of_execution(end: &End) -> Vec<String> {
    if end.status == ExecutionStatus::Succeeded {
        let verdict = end.output.pointer("/verdict/reason");
        let reason = verdict.or(end.output.get("reason"));
        return of_reason(
            "the output",
            reason.and_then(|it| it.as_str()).unwrap_or_default(),
        );
    }
    let mut missing = of_reason("the execution", &end.cause);
    // AWS keeps such names for itself.
    if end.error.is_empty() || end.error.starts_with("States.") {
        missing.push(format!("I5: the error's name is {:?}", end.error));
    }
    missing
}

/// A reason is text for a person.
fn of_reason(place: &str, reason: &str) -> Vec<String> {
    let readable = !reason.trim().is_empty() && !reason.contains("\"errorMessage\"");
    let unreadable = (!readable).then(|| format!("I5: {place} gives the reason {reason:?}"));
    unreadable.into_iter().collect()
}
