//! What people say during the watch at a fifth of the traffic.

use super::words::{BUILD, at_a_fifth, decided, says, status};
use crate::follow::{End, Follow};
use crate::run::operator::Operator;
use crate::stage::FIRST;
use anyhow::Result;
use chrono::Utc;
use std::time::Duration;

const PUSH: &str = "a push of v1.1.0";

/// Longer than the step would last.
const HELD_FOR: Duration = Duration::from_secs(14);

pub(super) async fn hold(operator: &mut Operator<'_>) -> Result<()> {
    let mut release = at_a_fifth(operator).await?;
    let hold = says("hold", release.release(), "are the orders right?");
    decided(operator, &hold, "held").await?;
    status(operator, &["are the orders right?", "20"]).await?;
    let (show, traffic) = (operator.show, &operator.traffic);
    show.say("its step of 8 s is over, and nothing moves");
    let moves = release.until(Some("Record step"), show, traffic);
    let stays = tokio::time::timeout(HELD_FOR, moves).await.is_err();
    let report = &mut operator.report;
    report.check("the share stays at 20 %", stays, "it moved");
    let resumed = Utc::now();
    let resume = says("resume", release.release(), "they are");
    decided(operator, &resume, "resumed").await?;
    let end = operator.end(PUSH, release).await?;
    operator.succeeded("v1.1.0 is released then", &end, "released");
    let grew = end
        .shares()
        .iter()
        .any(|(share, at)| *share == 100 && *at > resumed);
    let expected = "the share grew after the resume";
    operator
        .report
        .check(expected, grew, &format!("{:?}", end.shares()));
    operator.answers("v1.1.0 answers at the end", BUILD).await;
    Ok(())
}

pub(super) async fn finish(operator: &mut Operator<'_>) -> Result<()> {
    let mut release = at_a_fifth(operator).await?;
    let enough = says("finish", release.release(), "a fifth has seen enough");
    decided(operator, &enough, "finished").await?;
    let (show, traffic) = (operator.show, &operator.traffic);
    release.until(Some("Tell of step"), show, traffic).await?;
    operator.traffic.wait_for(BUILD).await?;
    until_all(operator, &mut release).await?;
    let all = says("finish", release.release(), "so have all");
    decided(operator, &all, "finished").await?;
    let end = operator.end(PUSH, release).await?;
    operator.succeeded("v1.1.0 is released", &end, "released");
    shares(operator, &end, &[20, 100]);
    let recorded = operator.stage.recorded_reasons(end.release()).await?;
    let recorded = recorded.join(" ");
    let expected = "the record says who ended the watch";
    operator
        .report
        .check(expected, recorded.contains("ada"), &recorded);
    operator.answers("v1.1.0 answers at the end", BUILD).await;
    Ok(())
}

/// Waits until all of the traffic has moved.
async fn until_all(operator: &Operator<'_>, release: &mut Follow<'_>) -> Result<()> {
    operator
        .show
        .say("the next step begins at once, with all of the traffic");
    release.wait_for_share(100).await
}

pub(super) async fn stop(operator: &mut Operator<'_>) -> Result<()> {
    let release = at_a_fifth(operator).await?;
    let stop = says("stop", release.release(), "the wrong build");
    decided(operator, &stop, "stopped").await?;
    let end = operator.end(PUSH, release).await?;
    let aborted = end.status.as_str() == "ABORTED" && end.error == "StopRequested";
    let report = &mut operator.report;
    report.check(
        "the release has ended: it was stopped",
        aborted,
        &end.describe(),
    );
    shares(operator, &end, &[20]);
    operator.answers("v1.0.0 answers at the end", FIRST).await;
    status(operator, &["the wrong build", "blue"]).await
}

fn shares(operator: &mut Operator<'_>, end: &End, expect: &[u64]) {
    let found: Vec<u64> = end.shares().iter().map(|(share, _)| *share).collect();
    let expected = format!("the new environment got {expect:?} per cent of the traffic");
    operator
        .report
        .check(&expected, found == expect, &format!("{found:?}"));
}
