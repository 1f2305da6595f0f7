//! Reads the scan of one image.

use super::policy::{ScanPolicy, ScanSeverity};
use crate::{Digest, Error};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsOutput;
use aws_sdk_ecr::types::{EnhancedImageScanFinding, ImageIdentifier, ImageScanFindings};
use std::collections::BTreeMap;
use std::time::Duration;

/// Findings of a page; one of enhanced scanning takes some KiB.
const PAGE: i32 = 250;

/// Pages of one image that are read.
const PAGES: usize = 20;

/// How long all pages of one image may take.
const PATIENCE: Duration = Duration::from_secs(6);

/// The repository whose images are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Repository<'a> {
    /// The account of its registry.
    pub registry: &'a str,
    pub name: &'a str,
}

/// What ECR says of the scan of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// As ECR writes it. None: ECR knows of no scan, or does not name its status.
    pub status: Option<String>,
    /// What ECR says of the status.
    pub description: Option<String>,
    pub findings: Option<Findings>,
    /// ECR answered that there is no scan of this image.
    pub is_absent: bool,
}

/// What a scan has found, as the policy counts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// It says when it was completed.
    pub is_completed: bool,
    pub counts: BTreeMap<ScanSeverity, u32>,
    /// Enhanced scanning lists the findings, and with them whether each has a fix.
    pub tells_fixes: bool,
    /// There are more pages than are read.
    pub has_more: bool,
}

/// Reads the scan of an image.
///
/// # Errors
/// The named errors of `ecr:DescribeImageScanFindings`, and `AwsUnavailable` where its pages do not come in time.
pub async fn look(
    ecr: &Client,
    repository: Repository<'_>,
    digest: &Digest,
    policy: ScanPolicy,
) -> Result<Scan, Error> {
    let pages = tokio::time::timeout(PATIENCE, pages(ecr, repository, digest, policy)).await;
    pages.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        let late =
            format!("ecr:DescribeImageScanFindings of {digest} took longer than {seconds} s");
        Err(Error::AwsUnavailable(late))
    })
}

async fn pages(
    ecr: &Client,
    repository: Repository<'_>,
    digest: &Digest,
    policy: ScanPolicy,
) -> Result<Scan, Error> {
    let id = ImageIdentifier::builder().image_digest(digest.as_str());
    let call = ecr
        .describe_image_scan_findings()
        .registry_id(repository.registry)
        .repository_name(repository.name)
        .image_id(id.build())
        .set_max_results(policy.only_fixable.then_some(PAGE));
    let (mut scan, mut token) = (Scan::default(), None);
    for _ in 0..PAGES {
        let page = match call.clone().set_next_token(token).send().await {
            Ok(page) => page,
            Err(error) => {
                let reason = error.as_service_error();
                if reason.is_some_and(|it| it.is_scan_not_found_exception()) {
                    return Ok(Scan::absent());
                }
                return Err(Error::from_sdk("ecr:DescribeImageScanFindings", error));
            }
        };
        token = scan.add(page, policy);
        if token.is_none() {
            return Ok(scan);
        }
    }
    if let Some(findings) = &mut scan.findings {
        findings.has_more = true;
    }
    Ok(scan)
}

impl Scan {
    fn absent() -> Scan {
        Scan {
            is_absent: true,
            ..Scan::default()
        }
    }

    /// Adds a page, and gives the token of the next one that matters.
    fn add(&mut self, page: DescribeImageScanFindingsOutput, policy: ScanPolicy) -> Option<String> {
        let status = page.image_scan_status();
        self.status = status.and_then(|it| Some(it.status()?.as_str().to_owned()));
        self.description = status.and_then(|it| it.description().map(str::to_owned));
        let is_counted = page.image_scan_findings().is_some_and(|found| {
            let findings = self.findings.get_or_insert_default();
            findings.is_completed = found.image_scan_completed_at().is_some();
            findings.add(found, policy)
        });
        page.next_token.filter(|it| !is_counted && !it.is_empty())
    }
}

impl Findings {
    /// Adds the findings of a page; whether those of all pages are counted with that.
    fn add(&mut self, found: &ImageScanFindings, policy: ScanPolicy) -> bool {
        self.tells_fixes |= found.enhanced_findings.is_some();
        let basic = found.findings().iter();
        let basic = basic.map(|it| it.severity().map_or("", |severity| severity.as_str()));
        let enhanced = found.enhanced_findings().iter();
        let enhanced = enhanced.filter(|it| refuses(it, policy));
        let enhanced = enhanced.map(|it| it.severity().unwrap_or_default());
        for severity in basic.chain(enhanced).filter_map(ScanSeverity::of_finding) {
            *self.counts.entry(severity).or_default() += 1;
        }
        // They do not say which findings have a fix.
        let told = found.finding_severity_counts();
        let Some(told) = told.filter(|_| !(policy.only_fixable && self.tells_fixes)) else {
            return false;
        };
        for (severity, count) in told {
            if let Some(severity) = ScanSeverity::of_finding(severity.as_str()) {
                let counted = self.counts.entry(severity).or_default();
                *counted = u32::try_from(*count).unwrap_or_default().max(*counted);
            }
        }
        true
    }
}

/// Whether a finding of enhanced scanning can refuse: somebody has suppressed or closed it, or it has no fix. What it does
/// not say lets nothing in.
fn refuses(finding: &EnhancedImageScanFinding, policy: ScanPolicy) -> bool {
    let is_over = matches!(finding.status(), Some("SUPPRESSED" | "CLOSED"));
    let without_fix = finding.fix_available() == Some("NO");
    !is_over && !(policy.only_fixable && without_fix)
}

#[cfg(test)]
#[path = "look_tests.rs"]
mod tests;
