//! Expand with both versions at work, contract once the old one is gone, and no flip back after that.

use super::operator::Operator;
use anyhow::Result;
use serde_json::{Value, json};

/// Both versions work with it: the old one does not know the column.
pub const EXPAND: &str = "ALTER TABLE orders ADD COLUMN note TEXT";

/// Only the new version works without the column.
pub const CONTRACT: &str = "ALTER TABLE orders DROP COLUMN comment";

pub(super) async fn run(operator: &mut Operator<'_>) -> Result<()> {
    expand(operator).await?;
    contract(operator).await?;
    operator.answers("v3.0.0 answers customers", "v3.0.0").await;
    operator.nobody_noticed();
    Ok(())
}

async fn expand(operator: &mut Operator<'_>) -> Result<()> {
    operator.push("v2.0.0").await?;
    let end = operator.request(&release_with(CONTRACT)).await?;
    let expected = "a destructive expand is refused";
    let cause = "line 1: danger[drop]: ALTER TABLE orders DROP COLUMN";
    operator.failed(expected, &end, "ReleaseRefused", cause);
    let end = operator.request(&release_with(EXPAND)).await?;
    operator.succeeded("the expand ran, and v2.0.0 is released", &end, "released");
    let log = end.output["migration"].to_string();
    let expected = "the output has the migration's last lines";
    let report = &mut operator.report;
    report.check(expected, log.contains("note TEXT"), &log);
    operator.answers("v2.0.0 answers customers", "v2.0.0").await;
    Ok(())
}

async fn contract(operator: &mut Operator<'_>) -> Result<()> {
    let contract = json!({"action": "contract", "command": ["migrate", CONTRACT], "sql": CONTRACT});
    let end = operator.request(&contract).await?;
    let expected = "a contract is refused while old code is there";
    operator.failed(expected, &end, "ReleaseRefused", "blue still runs sha256:");
    operator.push("v3.0.0").await?;
    let end = operator.request(&json!({"tag": "v3.0.0"})).await?;
    let expected = "v3.0.0 is released, which needs the new schema only";
    operator.succeeded(expected, &end, "released");
    let end = operator.request(&contract).await?;
    operator.succeeded("the contract ran", &end, "contracted");
    let rollback = json!({"action": "rollback", "reason": "just to see"});
    let end = operator.request(&rollback).await?;
    let expected = "a flip back is refused after it";
    operator.failed(expected, &end, "RollbackRefused", "contract ");
    let end = operator.request(&json!({"tag": "v1.0.0"})).await?;
    let expected = "so is a release of the older image";
    operator.failed(expected, &end, "ReleaseRefused", "older-than-contract");
    Ok(())
}

fn release_with(sql: &str) -> Value {
    json!({"tag": "v2.0.0", "migration": {"command": ["migrate", sql], "sql": sql}})
}
