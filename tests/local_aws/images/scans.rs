//! Scans that are pending, clean, bad, never over, and that nobody may read.

use super::{refused, stays};
use crate::common::{live, local, on_a_stage, push, release, result, settled};
use anyhow::ensure;
use aws_sdk_ecr::types::{FindingSeverity, ScanStatus};
use rehearsal::proxy::{Fault, Kind, Scan, Target};
use rehearsal::stage::Stage;
use shared::Environment::Green;
use std::sync::Arc;

/// A finding of this severity, or of a higher one, refuses an image.
const SEVERITY: (&str, &str) = ("ScanSeverity", "HIGH");

fn found(severity: FindingSeverity) -> Scan {
    Scan::complete(&[severity])
}

/// Given a push whose scan has not begun
/// When its tasks are steady, and its scan then ends with nothing above the limit
/// Then the release has waited for that, and goes on.
#[test]
fn a_scan_that_is_pending_is_waited_for_before_the_flip() {
    on_a_stage(&[SEVERITY], async |stage: Arc<Stage>| {
        let release = push(&stage, "v1.1.0").await?;
        stage.scan_read_by("Deploy").await;
        ensure!(live(&stage).await? == "v1.0.0");
        stage.scanned("v1.1.0", &Scan::of(ScanStatus::InProgress));
        stage.scanned("v1.1.0", &found(FindingSeverity::Medium));
        let end = release.quiet_end().await?;
        ensure!(result(&end) == "released", "{end:?}");
        let looks = end.states.iter().filter(|it| *it == "Check deployment");
        ensure!(looks.count() > 1, "{end:?}");
        settled(&stage, Green).await.map(drop)
    });
}

/// Given pushes whose scans have ended with findings, or cannot end
/// Then each is refused before anything is touched, and says what it found.
#[test]
fn a_scan_that_is_bad_at_the_push_refuses_before_anything_is_touched() {
    on_a_stage(&[SEVERITY], async |stage: Arc<Stage>| {
        stage.scanned("v1.1.0", &found(FindingSeverity::Critical));
        refused(&stage, "v1.1.0", &["scan-findings", "1 CRITICAL"]).await?;
        stage.scanned("v1.2.0", &Scan::of(ScanStatus::Failed));
        refused(&stage, "v1.2.0", &["scan-findings", "FAILED"]).await?;
        stage.scanned("v1.3.0", &Scan::of(ScanStatus::ScanEligibilityExpired));
        let expired = "SCAN_ELIGIBILITY_EXPIRED";
        refused(&stage, "v1.3.0", &["scan-findings", expired]).await?;
        Ok(())
    });
}

/// Given a push whose scan never begins
/// When its deployment has taken as long as it may
/// Then the image is refused, and traffic is where it was.
#[test]
fn a_scan_that_never_ends_ends_the_release() {
    let short = [SEVERITY, ("DeployTimeoutSeconds", "60")];
    on_a_stage(&short, async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        let says = "not decided after 60 s: scan-findings";
        stays(&stage, &end, "ImageRefused", says).await
    });
}

/// Given enhanced scanning, and findings that nobody can mend, in the image of the machines that run it
/// When only what can be mended counts, and the image for other machines is much worse
/// Then it is released; what can be mended refuses.
#[test]
fn only_what_can_be_mended_in_the_image_that_will_run_counts() {
    let fixable = [SEVERITY, ("ScanFindings", "fixable")];
    on_a_stage(&fixable, async |stage: Arc<Stage>| {
        let scan = |fix| Scan::active(&[(FindingSeverity::Critical, [fix, "ACTIVE"])]);
        stage.scanned_for("v1.1.0", "amd64", &scan("NO"));
        stage.scanned_for("v1.1.0", "arm64", &scan("YES"));
        let end = release(&stage, "v1.1.0").await?;
        ensure!(result(&end) == "released", "{end:?}");
        stage.scanned("v1.2.0", &scan("YES"));
        refused(&stage, "v1.2.0", &["scan-findings", "1 CRITICAL"]).await?;
        Ok(())
    });
}

/// Given findings that detect may not read, and then that deploy may not read
/// Then neither release gets traffic: nobody knows what they are.
#[test]
fn a_scan_that_cannot_be_read_lets_nothing_in() {
    on_a_stage(&[SEVERITY], async |stage: Arc<Stage>| {
        denied(&stage, "Detect");
        refused(&stage, "v1.1.0", &["scan-findings"]).await?;
        denied(&stage, "Deploy");
        let end = release(&stage, "v1.2.0").await?;
        let says = "DescribeImageScanFindings";
        stays(&stage, &end, "AccessDenied", says).await
    });
}

/// From now on a function may not read findings.
fn denied(stage: &Stage, function: &str) {
    let target = Target {
        function: function.to_owned(),
        invocation: 0,
        call: 0,
        operation: "DescribeImageScanFindings".to_owned(),
    };
    let kind = Kind::Denied;
    let fault = Some(Fault { target, kind });
    local().proxy.record(&stage.aws.account, fault);
}
