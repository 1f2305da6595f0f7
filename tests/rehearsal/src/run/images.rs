//! Builds that the checks of images do not let in, and one after each that they do.

use super::operator::Operator;
use crate::follow::{End, Follow};
use crate::proxy::Scan;
use crate::relay;
use crate::scenario::Check;
use anyhow::{Context, Result};
use aws_sdk_ecr::types::{FindingSeverity, ScanStatus, SigningStatus};
use std::time::Duration;

const BUILD: &str = "v1.1.0";
const NEXT: &str = "v1.2.0";
const LAST: &str = "v1.3.0";

/// The build to which the verifier says no.
const UNAPPROVED: &str = "v1.1.0-unapproved";

/// How long a deployment takes until it is steady, on a busy machine too.
const STEADY_WITHIN: Duration = Duration::from_secs(300);

pub(super) async fn run(check: Check, operator: &mut Operator<'_>) -> Result<()> {
    match check {
        Check::Scan => scan(operator).await?,
        Check::Signature => signature(operator).await?,
        Check::Verifier => verifier(operator).await?,
    }
    operator.nobody_noticed();
    Ok(())
}

/// A scan that ends badly while its image runs in the idle environment.
async fn scan(operator: &mut Operator<'_>) -> Result<()> {
    let (stage, show) = (operator.stage, operator.show);
    stage.scanned(BUILD, &Scan::of(ScanStatus::InProgress));
    show.say("pushing v1.1.0, whose scan is still in progress");
    let mut release = Follow::new(stage, relay::push(stage, BUILD).await?);
    let checks = Some("Check deployment");
    release.until(checks, show, &operator.traffic).await?;
    let waits = tokio::time::timeout(STEADY_WITHIN, stage.scan_read_by("Deploy"));
    waits.await.context("nobody asked for the scan")?;
    show.say("its tasks are steady, and the release waits for the scan, which ends now: 1 critical finding");
    stage.scanned(BUILD, &Scan::complete(&[FindingSeverity::Critical]));
    let end = operator.end("a push of v1.1.0", release).await?;
    let expected = "the release is refused, with the findings";
    operator.failed(expected, &end, "ImageRefused", "CRITICAL");
    operator.never_flipped(&end);
    operator.nobody_has(BUILD);
    stage.scanned(NEXT, &Scan::complete(&[FindingSeverity::Low]));
    show.say("pushing v1.2.0, whose scan has found nothing above LOW");
    released(operator, NEXT).await
}

/// Signatures that are not there, that failed, and that take a while.
async fn signature(operator: &mut Operator<'_>) -> Result<()> {
    let (stage, show) = (operator.stage, operator.show);
    show.say("pushing v1.1.0, which nobody has signed");
    refused(operator, BUILD, "unsigned").await?;
    stage.signed(NEXT, SigningStatus::Failed);
    show.say("pushing v1.2.0, whose signing has failed");
    refused(operator, NEXT, "FAILED").await?;
    stage.signed(LAST, SigningStatus::InProgress);
    show.say("pushing v1.3.0, which is being signed");
    let mut release = Follow::new(stage, relay::push(stage, LAST).await?);
    let waits = Some("Wait for the release in progress");
    release.until(waits, show, &operator.traffic).await?;
    operator.nobody_has(LAST);
    show.say("the signature is there");
    stage.signed(LAST, SigningStatus::Complete);
    let end = operator.end("a push of v1.3.0", release).await?;
    operator.succeeded("v1.3.0 is released then", &end, "released");
    operator.answers("v1.3.0 answers customers", LAST).await;
    Ok(())
}

/// A function of the team's own that says no, and yes.
async fn verifier(operator: &mut Operator<'_>) -> Result<()> {
    let show = operator.show;
    show.say(&format!(
        "pushing {UNAPPROVED}, to which the verifier says no"
    ));
    let reason = "verifier: the tests of this build have not passed";
    refused(operator, UNAPPROVED, reason).await?;
    show.say("pushing v1.2.0, to which it says yes");
    released(operator, NEXT).await
}

/// A push that is refused before anything is touched.
async fn refused(operator: &mut Operator<'_>, build: &str, cause: &str) -> Result<()> {
    let end = pushed(operator, build).await?;
    let expected = format!("{build} is refused, with the reason");
    operator.failed(&expected, &end, "ReleaseRefused", cause);
    operator.untouched(&end);
    operator.nobody_has(build);
    Ok(())
}

async fn released(operator: &mut Operator<'_>, build: &str) -> Result<()> {
    let end = pushed(operator, build).await?;
    operator.succeeded(&format!("{build} is released"), &end, "released");
    let expected = format!("{build} answers customers");
    operator.answers(&expected, build).await;
    Ok(())
}

async fn pushed(operator: &mut Operator<'_>, build: &str) -> Result<End> {
    let stage = operator.stage;
    let follow = Follow::new(stage, relay::push(stage, build).await?);
    operator.end(&format!("a push of {build}"), follow).await
}
