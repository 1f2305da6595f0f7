//! Whether an end is explained to people, wherever they look: in the execution, in the record with its history, and in
//! the notice. AWS gives some errors without any cause, which must not become an empty reason anywhere.

use crate::follow::End;
use crate::notices::Notice;
use crate::stage::Stage;
use crate::state::State;
use anyhow::Result;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sfn::types::ExecutionStatus;
use std::collections::HashMap;

type Item = HashMap<String, AttributeValue>;

/// What is missing where an execution has ended; `state` was read after it. Without `notified` nobody is to get a notice.
pub(super) async fn missing(
    stage: &Stage,
    end: &End,
    state: &State,
    notified: bool,
) -> Result<Vec<String>> {
    let mut missing = of_execution(end);
    let release = state.record.release.as_ref();
    if let Some(release) = release.filter(|release| release.id.as_str() == end.release()) {
        let recorded = release.reason.as_deref().unwrap_or_default();
        missing.extend(of_reason("the record", recorded));
        let history = history(stage, end.release()).await?;
        if history.is_empty() {
            missing.push("I5: the history has no item of the release".to_owned());
        }
        let reasons = history.iter().map(|item| text(item, "reason"));
        missing.extend(reasons.flat_map(|reason| of_reason("the history", reason)));
    }
    if notified && end.status != ExecutionStatus::Succeeded {
        let ends = format!(" ({})", end.execution);
        let about = |notice: &Notice| notice.message.ends_with(&ends);
        let notice = stage.inbox.wait(about).await?;
        if notice.message.strip_suffix(&ends) != Some(&end.cause) {
            missing.push(format!("I5: the notice says {notice:?}"));
        }
    }
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

/// The history's items of a release.
async fn history(stage: &Stage, release: &str) -> Result<Vec<Item>> {
    let query = stage.aws.dynamodb().query();
    let query = query
        .table_name(stage.output("RecordTableName")?)
        .consistent_read(true)
        .key_condition_expression("#service = :service AND begins_with(#item, :release)")
        .expression_attribute_names("#service", "service")
        .expression_attribute_names("#item", "item")
        .expression_attribute_values(":service", AttributeValue::S(stage.service.clone()))
        .expression_attribute_values(":release", AttributeValue::S("release#".to_owned()));
    let items = query.into_paginator().items().send();
    let items: Vec<Item> = items.try_collect().await?;
    let of_release = items.into_iter().filter(|item| text(item, "id") == release);
    Ok(of_release.collect())
}

fn text<'a>(item: &'a Item, name: &str) -> &'a str {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map_or("", String::as_str)
}
