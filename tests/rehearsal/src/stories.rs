//! The longer stories: a sync, and a schema that is expanded and contracted. Customers order tea all the time.

use crate::follow::{End, Follow};
use crate::relay;
use crate::report::Report;
use crate::scenario::seen;
use crate::show::Show;
use crate::stage::{FIRST, REPOSITORY, Stage};
use crate::traffic::Traffic;
use anyhow::{Context, Result};
use aws_sdk_sfn::types::ExecutionStatus;
use serde_json::{Value, json};
use std::sync::Arc;

/// Both versions work with it: the old one does not know the column.
pub const EXPAND: &str = "ALTER TABLE orders ADD COLUMN note TEXT";

/// Only the new version works without the column.
pub const CONTRACT: &str = "ALTER TABLE orders DROP COLUMN comment";

/// A story under way: every request is followed to its end, and its end compared.
struct Story<'a> {
    stage: &'a Arc<Stage>,
    show: &'a Show,
    traffic: Traffic,
    report: &'a mut Report,
}

impl Story<'_> {
    async fn ask(&mut self, request: Value) -> Result<End> {
        self.show.say(&format!("asking for {request}"));
        let follow = Follow::new(self.stage, relay::ask(self.stage, &request).await?);
        follow.end(self.show, &self.traffic).await
    }

    fn succeeded(&mut self, expected: &str, end: &End, result: &str) {
        let fits = end.status == ExecutionStatus::Succeeded && end.output["result"] == result;
        self.report.check(expected, fits, &said(end));
    }

    fn failed(&mut self, expected: &str, end: &End, error: &str, cause: &str) {
        let fits = end.error == error && end.cause.contains(cause);
        self.show.say(&format!("  {}: {}", end.error, end.cause));
        self.report.check(expected, fits, &said(end));
    }

    async fn answers(&mut self, version: &str) {
        let seen = seen(&self.traffic, version).await;
        let expected = format!("{version} answers customers");
        let found = seen
            .as_ref()
            .err()
            .map_or_else(String::new, ToString::to_string);
        self.report.check(&expected, seen.is_ok(), &found);
    }

    /// No customer noticed anything.
    fn nobody_noticed(&mut self) {
        let counts = self.traffic.counts();
        let found = format!(
            "{} of {} failed: {:?}",
            counts.failed,
            counts.served(),
            counts.answers
        );
        self.report
            .check("not one request failed", counts.failed == 0, &found);
        self.report.measure(
            "served",
            &format!("{}, failed {}", counts.served(), counts.failed),
        );
    }
}

fn said(end: &End) -> String {
    format!("{} {}: {} {}", end.status, end.error, end.cause, end.output)
}

/// After a release the idle environment is brought to the live image, and the older version is gone for good.
pub async fn sync(stage: &Arc<Stage>, show: &Show, report: &mut Report) -> Result<()> {
    let traffic = Traffic::start(stage);
    seen(&traffic, FIRST).await?;
    let mut it = Story {
        stage,
        show,
        traffic,
        report,
    };
    show.say("pushing v1.1.0");
    let mut release = Follow::new(stage, relay::push(stage, "v1.1.0").await?);
    release.until(Some("Watch"), show, &it.traffic).await?;
    let early = it.ask(json!({"action": "sync"})).await?;
    it.failed(
        "a sync during the watch is refused",
        &early,
        "ReleaseRefused",
        "would end its flip back",
    );
    let end = release.end(show, &it.traffic).await?;
    it.succeeded("v1.1.0 is released to green", &end, "released");
    let end = it.ask(json!({"action": "sync"})).await?;
    it.succeeded("the sync SUCCEEDED", &end, "synced");
    let told = end.output["warnings"].to_string();
    let warned =
        told.contains("ends-flip-back") && told.contains("traffic cannot go back to sha256:");
    it.report
        .check("it says that it ends the flip back", warned, &told);
    let moved = end.states.iter().any(|state| state == "Flip traffic");
    it.report
        .check("traffic never moved", !moved, &format!("{:?}", end.states));
    let idle = version(stage, 8081).await?;
    it.report
        .check("blue runs v1.1.0 as well", idle == "v1.1.0", &idle);
    it.answers("v1.1.0").await;
    let end = it
        .ask(json!({"action": "rollback", "reason": "too late"}))
        .await?;
    it.failed(
        "a rollback is refused, with the reason",
        &end,
        "RollbackRefused",
        "did not move traffic",
    );
    let end = it.ask(json!({"action": "report-drift"})).await?;
    it.succeeded("nothing has drifted", &end, "nothing to release");
    it.nobody_noticed();
    Ok(())
}

/// The build that answers on a preview listener.
async fn version(stage: &Stage, port: u16) -> Result<String> {
    let client = reqwest::Client::new();
    let answer = stage
        .request(&client, "/api/v1/version", Some(port))
        .send()
        .await?;
    let answer: Value = answer.json().await?;
    Ok(answer["version"].as_str().context("no version")?.to_owned())
}

/// Expand with both versions at work, contract once the old one is gone, and no way back after that.
pub async fn migration(stage: &Arc<Stage>, show: &Show, report: &mut Report) -> Result<()> {
    let traffic = Traffic::start(stage);
    seen(&traffic, FIRST).await?;
    let mut it = Story {
        stage,
        show,
        traffic,
        report,
    };
    let registry = &stage.registry;
    registry.push(&stage.aws, REPOSITORY, "v2.0.0").await?;
    let release = |sql: &str| json!({"tag": "v2.0.0", "migration": {"command": ["migrate", sql], "sql": sql}});
    let contract = json!({"action": "contract", "command": ["migrate", CONTRACT], "sql": CONTRACT});
    let end = it.ask(release(CONTRACT)).await?;
    it.failed(
        "a destructive expand is refused",
        &end,
        "ReleaseRefused",
        "line 1: ALTER TABLE orders DROP COLUMN",
    );
    let end = it.ask(release(EXPAND)).await?;
    it.succeeded("the expand ran, and v2.0.0 is released", &end, "released");
    let log = end.output["migration"].to_string();
    it.report.check(
        "the migration's last lines are told",
        log.contains("note TEXT"),
        &log,
    );
    it.answers("v2.0.0").await;
    let end = it.ask(contract.clone()).await?;
    it.failed(
        "a contract is refused while old code is there",
        &end,
        "ReleaseRefused",
        "blue still runs sha256:",
    );
    registry.push(&stage.aws, REPOSITORY, "v3.0.0").await?;
    let end = it.ask(json!({"tag": "v3.0.0"})).await?;
    it.succeeded(
        "v3.0.0 is released, which needs the new schema only",
        &end,
        "released",
    );
    let end = it.ask(contract).await?;
    it.succeeded("the contract ran", &end, "contracted");
    let end = it
        .ask(json!({"action": "rollback", "reason": "just to see"}))
        .await?;
    it.failed(
        "a flip back is refused after it",
        &end,
        "RollbackRefused",
        "contract ",
    );
    let end = it.ask(json!({"tag": "v1.0.0"})).await?;
    it.failed(
        "so is a release of the older image",
        &end,
        "ReleaseRefused",
        "older-than-contract",
    );
    it.answers("v3.0.0").await;
    it.nobody_noticed();
    Ok(())
}
