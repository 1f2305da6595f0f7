//! A preview of a release, as text.

use crate::follow::Follow;
use crate::proxy::RecordedCall;
use crate::relay;
use crate::run::EXPAND;
use crate::show::Show;
use crate::stage::{Local, REPOSITORY, Stage};
use crate::typed::typed;
use anyhow::{Result, ensure};
use serde_json::{Value, json};

/// The build whose release is previewed.
const BUILD: &str = "v2.0.0";

/// Requests the preview of a release with a migration, and gives its lines. The calls show that nothing was changed.
///
/// # Errors
/// There is no preview, or a call may have changed something.
pub async fn run(local: &Local, stage: &Stage, show: &Show) -> Result<Vec<String>> {
    stage.registry.push(&stage.aws, REPOSITORY, BUILD).await?;
    let migration = json!({"command": ["migrate", EXPAND], "sql": EXPAND});
    let request = json!({"action": "plan", "request": {"tag": BUILD, "migration": migration}});
    show.say(&format!("requesting {}", typed(&request)));
    local.proxy.record(&stage.aws.account, None);
    let execution = relay::request(stage, &request).await?;
    let end = Follow::new(stage, execution).quiet_end().await?;
    let result = &end.output["result"];
    ensure!(*result == "planned: release", "no preview: {end:?}");
    let calls = local.proxy.calls(&stage.aws.account);
    let writes = writes(&calls);
    ensure!(writes.is_empty(), "the preview wrote: {writes:?}");
    let mut lines = lines(&end.output);
    let calls = calls.len();
    lines.push(format!(
        "nothing was changed: {calls} calls to AWS, all of them reads"
    ));
    Ok(lines)
}

/// The calls that may change something: all whose names do not begin as AWS names its reads.
pub fn writes(calls: &[RecordedCall]) -> Vec<&str> {
    let calls = calls.iter().map(|recorded| &recorded.call);
    let operations = calls.map(|call| call.operation.as_str());
    let reads = ["Describe", "Get", "List", "BatchGet"];
    operations
        .filter(|operation| !reads.iter().any(|read| operation.starts_with(read)))
        .collect()
}

/// The output of an execution that previewed a release, for a person.
fn lines(output: &Value) -> Vec<String> {
    let result = format!("{}: {}", text(&output["result"]), text(&output["reason"]));
    let mut lines = vec![result];
    lines.extend(findings(output));
    if output["migration"].is_object() {
        let words: Vec<_> = list(&output["migration"]["command"]).map(text).collect();
        lines.push(format!("  migration: {}", words.join(" ")));
    }
    let changes = list(&output["taskDefinition"]["changes"]);
    lines.extend(changes.map(|change| change_line(&text(&change["field"]), change)));
    let more = output["taskDefinition"]["moreChanges"].as_u64();
    let more = more.filter(|more| *more > 0);
    lines.extend(more.map(|more| format!("  and {more} more fields differ")));
    if output["desired"].is_object() {
        let name = format!("tasks wanted in {}", text(&output["to"]));
        lines.push(change_line(&name, &output["desired"]));
    }
    lines.extend(list(&output["rules"]).map(|rule| change_line(&text(&rule["rule"]), rule)));
    let flip_back = &output["flipBack"];
    let possible = match flip_back["possible"] == true {
        true => "possible",
        false => "not possible",
    };
    let reason = text(&flip_back["reason"]);
    lines.push(format!("  a flip back now is {possible}: {reason}"));
    lines
}

fn findings(output: &Value) -> Vec<String> {
    let line = |finding: &Value| {
        let [severity, name, found, remedy] =
            ["severity", "name", "found", "remedy"].map(|field| text(&finding[field]));
        format!("  {severity} {name}: {found}. {remedy}")
    };
    let lines: Vec<_> = list(&output["findings"]).map(line).collect();
    if lines.is_empty() {
        return vec!["  nothing speaks against it".to_owned()];
    }
    lines
}

/// `  NAME: BEFORE -> AFTER`; of a field that is there on one side only, or whose values are not shown, what happens to it.
fn change_line(name: &str, change: &Value) -> String {
    let (before, after) = (&change["before"], &change["after"]);
    let what = text(&change["change"]);
    match (before, after) {
        (Value::Null, Value::Null) => format!("  {name}: {what}"),
        (Value::Null, one) | (one, Value::Null) => format!("  {name}: {what} {}", text(one)),
        (before, after) => format!("  {name}: {} -> {}", text(before), text(after)),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string())
}
