//! Commands of migrations and contracts: of nobody, of the stack, of the request.

use super::origin;
use crate::common::{
    COMMANDS_IN_REQUESTS, execute, live, on_a_stage, preview, put, release, result, settled,
};
use anyhow::{Result, ensure};
use rehearsal::run::EXPAND;
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment::Green;
use std::sync::Arc;

/// A contract step that fits every build.
const CONTRACT: &str = "CREATE TABLE contracted (at TEXT)";

/// Requests that bring a command.
fn requests() -> [Value; 2] {
    let command = ["migrate", EXPAND];
    [
        json!({"tag": "v2.0.0", "migration": {"command": command}}),
        json!({"action": "contract", "command": command}),
    ]
}

/// Both requests are refused and planned to be, and nothing is different then.
async fn refuses(stage: &Stage, says: &str) -> Result<()> {
    put(stage, "v2.0.0").await?;
    let before = stage.services().await?;
    for request in requests() {
        let end = execute(stage, request.clone()).await?;
        ensure!(result(&end) == "ReleaseRefused", "{end:?}");
        ensure!(end.cause.contains(says), "{}", end.cause);
        let plan = preview(stage, request).await?;
        ensure!(plan["result"] == "planned: refuse", "{plan}");
        ensure!(plan["reason"].to_string().contains(says), "{plan}");
    }
    ensure!(stage.services().await? == before);
    ensure!(live(stage).await? == "v1.0.0");
    Ok(())
}

/// Given a stack that says nothing of it, and one in which no command may run
/// When requests bring commands
/// Then they are refused, in a plan too.
#[test]
fn a_request_brings_no_command_unless_a_parameter_lets_it() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        refuses(&stage, "CommandsFrom = stack").await
    });
    let nobody = [("CommandsFrom", "nobody")];
    on_a_stage(&nobody, async |stage: Arc<Stage>| {
        refuses(&stage, "CommandsFrom = nobody").await
    });
}

/// Given a stack with commands of its own
/// When an image is pushed, idle gets it as well, and a contract is requested without a command
/// Then the stack's commands run, and the record says whose they are.
#[test]
fn the_commands_of_the_stack_run() {
    let command = |sql: &str| json!(["migrate", sql]).to_string();
    let (expand, contract) = (command(EXPAND), command(CONTRACT));
    let parameters = [
        ("MigrationCommand", expand.as_str()),
        ("ContractCommand", contract.as_str()),
        ("StableReleasesBeforeContract", "0"),
    ];
    on_a_stage(&parameters, async |stage: Arc<Stage>| {
        let end = release(&stage, "v2.0.0").await?;
        ensure!(result(&end) == "released", "{end:?}");
        ensure!(origin(&stage).await?["commands"] == "stack");
        for (action, expect) in [("sync", "synced"), ("contract", "contracted")] {
            let end = execute(&stage, json!({"action": action})).await?;
            ensure!(result(&end) == expect, "{end:?}");
        }
        settled(&stage, Green).await.map(drop)
    });
}

/// Given a stack in which requests bring commands
/// When one does
/// Then the plan, the release and the record say that it ran a command of the request.
#[test]
fn a_command_of_a_request_is_named_as_such() {
    on_a_stage(&[COMMANDS_IN_REQUESTS], async |stage: Arc<Stage>| {
        let says = "; runs a command of the request: migrate ";
        let [request, _] = requests();
        put(&stage, "v2.0.0").await?;
        let plan = preview(&stage, request.clone()).await?;
        ensure!(plan["reason"].to_string().contains(says), "{plan}");
        let end = execute(&stage, request).await?;
        ensure!(result(&end) == "released", "{end:?}");
        ensure!(origin(&stage).await?["commands"] == "request");
        Ok(())
    });
}
