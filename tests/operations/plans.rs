//! A plan tells what the release then does, and does nothing itself.

use crate::raw::{fields, task_definition};
use crate::world::{push, settled, word};
use crate::{ask, plan, put};
use anyhow::Result;
use boundary_tests::{local, on_the_local_aws, stage};
use rehearsal::plan::writes;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use rehearsal::stories::{CONTRACT, EXPAND};
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

fn planned_fields(plan: &Value) -> BTreeMap<String, (Value, Value)> {
    let changes = plan["taskDefinition"]["changes"]
        .as_array()
        .into_iter()
        .flatten();
    let pair = |it: &Value| (it["before"].clone(), it["after"].clone());
    changes
        .map(|it| {
            (
                it["field"].as_str().unwrap_or_default().to_owned(),
                pair(it),
            )
        })
        .collect()
}

/// Given a request with a migration, and an idle side with fewer tasks than it needs
/// When it is planned, and then made
/// Then the release does what the plan said, field by field.
#[test]
fn a_release_does_what_its_plan_said() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        put(&stage, "v2.0.0").await?;
        stage.scale(Green, 1).await?;
        let request =
            json!({"tag": "v2.0.0", "migration": {"command": ["migrate", EXPAND], "sql": EXPAND}});
        let plan = plan(&stage, request.clone()).await?;
        assert_eq!(plan["result"], "planned: release", "{plan}");
        let [_, before] = stage.services().await?;
        let end = ask(&stage, request).await?;
        assert_eq!(word(&end), "released", "{end:?}");
        let [_, after] = stage.services().await?;

        for field in ["image", "from", "to"] {
            assert_eq!(plan[field], end.output[field], "{field}");
        }
        let done = differing(&stage, &before.task_definition, &after.task_definition).await?;
        assert!(
            done.contains_key("containerDefinitions.api.image"),
            "{done:?}"
        );
        assert_eq!(planned_fields(&plan), done);
        assert_eq!(
            plan["taskDefinition"]["replaces"],
            json!(before.task_definition)
        );
        assert_eq!(
            plan["desired"],
            json!({"before": before.desired, "after": after.desired})
        );
        assert_eq!((before.desired, after.desired), (1, 2));
        let state = settled(&stage, Green).await?;
        let planned = plan["rules"].as_array().expect("rules");
        assert_eq!(planned.len(), state.rules.len());
        for live in &state.rules {
            let rule = planned
                .iter()
                .find(|it| it["rule"].as_str() == live.rule_arn());
            let rule = rule.expect("the rule");
            assert_eq!(
                (&rule["before"], &rule["after"]),
                (&json!("blue"), &json!("green"))
            );
        }
        let ran = end.output["migration"]["reason"]
            .as_str()
            .unwrap_or_default();
        let command = plan["migration"]["command"].as_array().expect("a command");
        assert_eq!(*command, [json!("migrate"), json!(EXPAND)]);
        assert!(ran.contains(&format!("migrate {EXPAND}")), "{ran}");
        let warned = |it: &Value| {
            format!(
                "{}: {}",
                it["name"].as_str().unwrap_or_default(),
                it["found"].as_str().unwrap_or_default()
            )
        };
        for finding in plan["findings"].as_array().expect("findings") {
            let warnings = end.output["warnings"].to_string();
            assert!(warnings.contains(&warned(finding)), "{finding}: {warnings}");
        }
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given requests of every kind, also while a release runs
/// When they are planned
/// Then each plan says what would be done, no call of any function writes, and nothing is different afterwards.
#[test]
fn a_plan_writes_nothing_whatever_is_asked() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        put(&stage, "v2.0.0").await?;
        let account = stage.aws.account.clone();
        local().proxy.record(&account, None);
        let (services, state) = (stage.services().await?, State::read(&stage).await?);
        let step = |sql: &str| json!({"command": ["migrate", sql], "sql": sql});
        let contract =
            json!({"action": "contract", "command": ["migrate", CONTRACT], "sql": CONTRACT});
        for (request, would, told) in [
            (json!({"tag": "v2.0.0"}), "release", "from blue to green"),
            (
                json!({"tag": "v2.0.0", "migration": step(CONTRACT)}),
                "refuse",
                "it drops a column",
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
        ] {
            let plan = plan(&stage, request.clone()).await?;
            assert_eq!(
                plan["result"],
                format!("planned: {would}"),
                "{request}: {plan}"
            );
            assert!(
                plan["reason"].as_str().is_some_and(|it| it.contains(told)),
                "{request}: {plan}"
            );
            assert_eq!(plan["flipBack"]["possible"], false, "{plan}");
        }
        let calls = local().proxy.calls(&account);
        assert!(calls.len() > 50, "{}", calls.len());
        assert_eq!(writes(&calls), [""; 0]);
        assert_eq!(stage.services().await?, services);
        assert_eq!(State::read(&stage).await?.record, state.record);
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given a release in its watch
/// When another is planned, and a rollback
/// Then the first would wait, and the second tells that traffic could go back now.
#[test]
fn a_plan_during_a_release_tells_what_it_waits_for() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let mut release = push(&stage, "v1.1.0").await?;
        release.wait("Watch").await?;
        put(&stage, "v1.2.0").await?;
        let next = plan(&stage, json!({"tag": "v1.2.0"})).await?;
        let told = next["reason"].as_str().unwrap_or_default();
        assert!(
            told.contains("holds the record, so it would wait"),
            "{next}"
        );
        let back = plan(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(back["result"], "planned: rollback", "{back}");
        assert_eq!(back["flipBack"]["possible"], true, "{back}");
        let rule = &back["rules"][0];
        assert_eq!(
            (&rule["before"], &rule["after"]),
            (&json!("green"), &json!("blue"))
        );
        assert_eq!(word(&release.quiet_end().await?), "released");
        settled(&stage, Green).await?;
        assert_eq!(State::read(&stage).await?.active, Ok(Green));
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}
