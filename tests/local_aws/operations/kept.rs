//! What is kept of a release: items of the history, which may expire, and its metrics in the logs.

use crate::common::{alarm_event, deliver, on_a_stage, release, result};
use anyhow::{Context, Result, ensure};
use chrono::Utc;
use rehearsal::stage::Stage;
use serde_json::Value;
use shared::Environment;
use shared::emf::NAMESPACE;
use std::sync::Arc;

/// Each item of the table with its phase, and whether it expires; the record has no phase of its own.
async fn items(stage: &Stage) -> Result<Vec<(String, String, bool)>> {
    let call = stage.aws.dynamodb().scan().consistent_read(true);
    let output = call
        .table_name(stage.output("RecordTableName")?)
        .send()
        .await?;
    let items = output.items().iter().map(|item| {
        let text = |name| item.get(name).and_then(|it| it.as_s().ok());
        let name = text("item").context("an item without a name")?;
        let phase = text("phase").cloned().unwrap_or_default();
        Ok((name.clone(), phase, item.contains_key(record::EXPIRES_AT)))
    });
    let mut items: Vec<_> = items.collect::<Result<_>>()?;
    items.sort();
    Ok(items)
}

/// Every line of every log group.
async fn lines(stage: &Stage) -> Result<Vec<String>> {
    let (logs, mut lines) = (stage.aws.logs(), Vec::new());
    for group in logs.describe_log_groups().send().await?.log_groups() {
        let call = logs.filter_log_events();
        let call = call.set_log_group_name(group.log_group_name.clone());
        let mut pages = call.into_paginator().send();
        while let Some(page) = pages.try_next().await? {
            let messages = page.events().iter().filter_map(|it| it.message());
            lines.extend(messages.map(str::to_owned));
        }
    }
    Ok(lines)
}

/// The metrics that CloudWatch would make of a line.
fn metrics(line: &str) -> Vec<String> {
    let line: Value = serde_json::from_str(line).unwrap_or_default();
    let directives = line["_aws"]["CloudWatchMetrics"].as_array();
    let ours = directives.into_iter().flatten();
    let ours = ours.filter(|it| it["Namespace"] == NAMESPACE);
    let metrics = ours.filter_map(|it| it["Metrics"].as_array()).flatten();
    let names = metrics.filter_map(|it| it["Name"].as_str());
    names.map(str::to_owned).collect()
}

/// What is measured of a release that ends stable, and is flipped back later. No customer comes, so the verdict is open, and
/// there is no percentage of errors.
const ONCE: [&str; 11] = [
    "FlipBackBegun",
    "FlipBackTime",
    "FlipBegun",
    "FlipTime",
    "PushToTraffic",
    "Released",
    "RolledBackLater",
    "TimeToRestore",
    "VerdictInconclusive",
    "VerdictRequests",
    "VerdictTime",
];

/// Given a release that has ended stable, in a stack that keeps its history for 30 days
/// When an alarm flips it back at night, and is delivered twice
/// Then the history has its end and its flip back, the record does not expire, and every metric was written once
#[test]
fn a_flip_back_at_night_is_kept_beside_the_end_of_the_release_and_counted_once() {
    on_a_stage(&[("HistoryDays", "30")], flipped_back_at_night);
}

async fn flipped_back_at_night(stage: Arc<Stage>) -> Result<()> {
    let end = release(&stage, "v1.1.0").await?;
    ensure!(result(&end) == "released", "{end:?}");
    let alarm = alarm_event(&stage, Environment::Green, Utc::now()).await?;
    for expect in ["flipped-back", "already-flipped-back"] {
        let answer = deliver(&stage, &alarm).await?;
        ensure!(answer == expect, "{answer}, not {expect}");
    }
    let items = items(&stage).await?;
    let key = items.get(1).map_or("", |(key, ..)| key);
    ensure!(
        key.starts_with("release#") && key.ends_with(end.release()),
        "{key}"
    );
    let item = |key: &str, phase: &str, expires| (key.to_owned(), phase.to_owned(), expires);
    let expect = [
        item("record", "", false),
        item(key, "stable", true),
        item(&format!("{key}#flip-back"), "rolled-back", true),
    ];
    ensure!(items == expect, "{items:?}");
    let lines = lines(&stage).await?;
    let mut written: Vec<String> = lines.iter().flat_map(|it| metrics(it)).collect();
    written.sort();
    ensure!(written == ONCE, "{written:?}");
    Ok(())
}
