//! The plan of a release, as text.

use crate::follow::Follow;
use crate::proxy::Seen;
use crate::relay;
use crate::show::Show;
use crate::stage::{Local, REPOSITORY, Stage};
use crate::stories::EXPAND;
use anyhow::{Result, ensure};
use serde_json::{Value, json};

/// The build whose release is planned.
const BUILD: &str = "v2.0.0";

/// Asks for the plan of a release with a migration, and gives its lines. That nothing was changed is seen by the calls.
pub async fn tell(local: &Local, stage: &Stage, show: &Show) -> Result<Vec<String>> {
    stage.registry.push(&stage.aws, REPOSITORY, BUILD).await?;
    let request =
        json!({"tag": BUILD, "migration": {"command": ["migrate", EXPAND], "sql": EXPAND}});
    let request = json!({"action": "plan", "request": request});
    show.say(&format!("asking for {request}"));
    local.proxy.record(&stage.aws.account, None);
    let end = Follow::new(stage, relay::ask(stage, &request).await?)
        .quiet_end()
        .await?;
    ensure!(
        end.output["result"] == "planned: release",
        "no plan: {end:?}"
    );
    let calls = local.proxy.calls(&stage.aws.account);
    let writes = writes(&calls);
    ensure!(writes.is_empty(), "the plan wrote: {writes:?}");
    let mut lines = lines(&end.output);
    lines.push(format!(
        "nothing was changed: {} calls to AWS, all of them reads",
        calls.len()
    ));
    Ok(lines)
}

/// The calls that may change something: all whose names do not begin as AWS names its reads.
pub fn writes(calls: &[Seen]) -> Vec<&str> {
    let operations = calls.iter().map(|seen| seen.asked.operation.as_str());
    let reads = ["Describe", "Get", "List", "BatchGet"];
    operations
        .filter(|it| !reads.iter().any(|read| it.starts_with(read)))
        .collect()
}

/// An execution's output, for a person.
pub fn lines(plan: &Value) -> Vec<String> {
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut lines = vec![format!(
        "{}: {}",
        text(&plan["result"]),
        text(&plan["reason"])
    )];
    let findings = list(&plan["findings"]);
    lines.extend(findings.iter().map(|it| {
        let (found, todo) = (text(&it["found"]), text(&it["todo"]));
        format!(
            "  {} {}: {found}. {todo}",
            text(&it["severity"]),
            text(&it["name"])
        )
    }));
    if findings.is_empty() {
        lines.push("  nothing speaks against it".to_owned());
    }
    if plan["migration"].is_object() {
        let words: Vec<_> = list(&plan["migration"]["command"])
            .iter()
            .map(text)
            .collect();
        lines.push(format!("  migration: {}", words.join(" ")));
    }
    lines.extend(list(&plan["taskDefinition"]["changes"]).iter().map(|it| {
        let (before, after) = (text(&it["before"]), text(&it["after"]));
        format!("  {}: {before} -> {after}", text(&it["field"]))
    }));
    if plan["desired"].is_object() {
        let (before, after) = (&plan["desired"]["before"], &plan["desired"]["after"]);
        lines.push(format!(
            "  tasks wanted in {}: {before} -> {after}",
            text(&plan["to"])
        ));
    }
    lines.extend(list(&plan["rules"]).iter().map(|it| {
        let (before, after) = (text(&it["before"]), text(&it["after"]));
        format!("  {}: {before} -> {after}", text(&it["rule"]))
    }));
    let possible = if plan["flipBack"]["possible"] == true {
        "possible"
    } else {
        "not possible"
    };
    lines.push(format!(
        "  a flip back now is {possible}: {}",
        text(&plan["flipBack"]["reason"])
    ));
    lines
}
