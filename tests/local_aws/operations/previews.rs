//! A preview says what the release then does, and does nothing itself.

use super::wire::{fields, task_definition};
use crate::common::{
    COMMANDS_IN_REQUESTS, UNHURRIED, execute, local, on_a_stage, preview, push, put, result,
    settled,
};
use anyhow::Result;
use rehearsal::follow::End;
use rehearsal::preview::writes;
use rehearsal::run::{CONTRACT, EXPAND};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use serde_json::{Value, json};
use shared::Environment::Green;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields that differ between two revisions, as ECS shows them: before and after.
async fn differing(
    stage: &Stage,
    before: &str,
    after: &str,
) -> Result<BTreeMap<String, (Value, Value)>> {
    let before = fields(&task_definition(stage, before).await?);
    let after = fields(&task_definition(stage, after).await?);
    let names = before.keys().chain(after.keys());
    let value =
        |of: &BTreeMap<String, Value>, name: &String| of.get(name).cloned().unwrap_or_default();
    let pairs = names.map(|name| (name.clone(), (value(&before, name), value(&after, name))));
    Ok(pairs
        .filter(|(_, (before, after))| before != after)
        .collect())
}

/// The changes of a preview: before and after, by field.
fn previewed_fields(preview: &Value) -> BTreeMap<String, (Value, Value)> {
    let changes = preview["taskDefinition"]["changes"].as_array();
    let pair = |it: &Value| (it["before"].clone(), it["after"].clone());
    let named = |it: &Value| (text(&it["field"]), pair(it));
    changes.into_iter().flatten().map(named).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What the migration's SQL holds beside what it does: a lock, and what a comment lets pass.
const WARNED: &str =
    "; REINDEX orders;\n-- lint-migration: ignore drop: nobody reads it\nDROP TABLE remarks";

/// Given a request with a migration that is warned of, and an idle environment with fewer tasks than it needs
/// When it is previewed, and then made
/// Then the release does what the preview said, field by field.
#[test]
fn a_release_does_what_its_preview_said() {
    on_a_stage(&[COMMANDS_IN_REQUESTS], async |stage: Arc<Stage>| {
        put(&stage, "v2.0.0").await?;
        stage.scale(Green, 1).await?;
        let sql = format!("{EXPAND}{WARNED}");
        let migration = json!({"command": ["migrate", EXPAND], "sql": sql});
        let request = json!({"tag": "v2.0.0", "migration": migration});
        let preview = preview(&stage, request.clone()).await?;
        assert_eq!(preview["result"], "planned: release", "{preview}");
        let [_, before] = stage.services().await?;
        let end = execute(&stage, request).await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let [_, after] = stage.services().await?;

        for field in ["image", "from", "to"] {
            assert_eq!(preview[field], end.output[field], "{field}");
        }
        let done = differing(&stage, &before.task_definition, &after.task_definition).await?;
        let image = "containerDefinitions.api.image";
        assert!(done.contains_key(image), "{done:?}");
        assert_eq!(previewed_fields(&preview), done);
        let replaces = &preview["taskDefinition"]["replaces"];
        assert_eq!(*replaces, json!(before.task_definition));
        let desired = json!({"before": before.desired, "after": after.desired});
        assert_eq!(preview["desired"], desired);
        assert_eq!((before.desired, after.desired), (1, 2));
        rules_as_previewed(&preview, &settled(&stage, Green).await?);
        migration_as_previewed(&preview, &end);
        findings_are_warnings(&preview, &end);
        Ok(())
    });
}

fn rules_as_previewed(preview: &Value, state: &State) {
    let rules = preview["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), state.rules.len());
    for live in &state.rules {
        let mut rules = rules.iter();
        let rule = rules.find(|it| it["rule"].as_str() == live.rule_arn());
        let rule = rule.expect("the rule");
        let expect = (&json!("blue"), &json!("green"));
        assert_eq!((&rule["before"], &rule["after"]), expect);
    }
}

fn migration_as_previewed(preview: &Value, end: &End) {
    let command = preview["migration"]["command"].as_array();
    let expect = [json!("migrate"), json!(EXPAND)];
    assert_eq!(*command.expect("a command"), expect);
    let migrated = &end.output["migration"];
    let reason = text(&migrated["reason"]);
    assert!(reason.contains("`migrate` exited with 0"), "{reason}");
    let log = migrated["log"].to_string();
    assert!(log.contains("note TEXT"), "{log}");
}

fn findings_are_warnings(preview: &Value, end: &End) {
    let warnings = end.output["warnings"].to_string();
    for check in ["migration-locks: line 1", "migration-ignored: nobody"] {
        assert!(warnings.contains(check), "{check}: {warnings}");
    }
    let findings = preview["findings"].as_array().expect("findings").iter();
    // A note is for whoever looks at a preview.
    for finding in findings.filter(|it| it["severity"] != "note") {
        let warning = format!("{}: {}", text(&finding["name"]), text(&finding["found"]));
        assert!(warnings.contains(&warning), "{finding}: {warnings}");
    }
}

/// Requests of every kind, what would become of each, and the reason.
fn requests() -> [(Value, &'static str, &'static str); 7] {
    let step = |sql: &str| json!({"command": ["migrate", sql], "sql": sql});
    let contract = json!({"action": "contract", "command": ["migrate", CONTRACT], "sql": CONTRACT});
    [
        (json!({"tag": "v2.0.0"}), "release", "from blue to green"),
        (
            json!({"tag": "v2.0.0", "migration": step(CONTRACT)}),
            "refuse",
            "it drops column `comment` of `orders`",
        ),
        (json!({"tag": "v9"}), "refuse", "tag v9 does not exist"),
        (json!({"tag": "v1.0.0"}), "skip", "is live in blue already"),
        (
            json!({"action": "rollback"}),
            "refuse",
            "nothing to roll back",
        ),
        (contract, "refuse", "no release is known to have expanded"),
        (
            json!({"action": "sync"}),
            "skip",
            "green runs what is live already",
        ),
    ]
}

/// Given requests of every kind
/// When they are previewed
/// Then each preview says what would be done, no call of any function writes, and nothing is different afterwards.
#[test]
fn a_preview_writes_nothing_whatever_is_requested() {
    on_a_stage(&[COMMANDS_IN_REQUESTS], async |stage: Arc<Stage>| {
        put(&stage, "v2.0.0").await?;
        let account = stage.aws.account.clone();
        local().proxy.record(&account, None);
        let (services, state) = (stage.services().await?, State::read(&stage).await?);
        for (request, would, reason) in requests() {
            let preview = preview(&stage, request.clone()).await?;
            let expect = format!("planned: {would}");
            assert_eq!(preview["result"], expect, "{request}: {preview}");
            let given = text(&preview["reason"]);
            assert!(given.contains(reason), "{request}: {preview}");
            assert_eq!(preview["flipBack"]["possible"], false, "{preview}");
        }
        let calls = local().proxy.calls(&account);
        assert!(calls.len() > 50, "{}", calls.len());
        assert_eq!(writes(&calls), [""; 0]);
        assert_eq!(stage.services().await?, services);
        assert_eq!(State::read(&stage).await?.record, state.record);
        Ok(())
    });
}

/// Given a release in its watch
/// When another is previewed, and a rollback
/// Then the first would wait, and the second says that a flip back is possible now.
#[test]
fn a_preview_during_a_release_says_what_it_waits_for() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let mut release = push(&stage, "v1.1.0").await?;
        release.wait("Watch").await?;
        put(&stage, "v1.2.0").await?;
        let next = preview(&stage, json!({"tag": "v1.2.0"})).await?;
        let reason = text(&next["reason"]);
        let waits = reason.contains("holds the record, so it would wait");
        assert!(waits, "{next}");
        let back = preview(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(back["result"], "planned: rollback", "{back}");
        assert_eq!(back["flipBack"]["possible"], true, "{back}");
        let rule = &back["rules"][0];
        assert_eq!(
            (&rule["before"], &rule["after"]),
            (&json!("green"), &json!("blue"))
        );
        stage.end_watch().await?;
        assert_eq!(result(&release.quiet_end().await?), "released");
        settled(&stage, Green).await?;
        assert_eq!(State::read(&stage).await?.active, Ok(Green));
        Ok(())
    });
}
