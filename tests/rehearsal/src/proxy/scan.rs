//! The scan of an image as ECR tells of it: basic scanning has an end, enhanced scanning goes on for ever.

use aws_sdk_ecr::types::{FindingSeverity, ScanStatus};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An error of ECR: its name, and its message.
pub(super) type Refusal = (&'static str, String);

/// Findings of a page where the call does not say, and the most of one.
const USUAL: u64 = 100;
const MOST: u64 = 1_000;

/// When each scan ended, in seconds since 1970.
const COMPLETED_AT: f64 = 1_795_737_600.25;

/// What ECR knows of the scan of an image.
#[derive(Clone, Debug)]
pub struct Scan {
    status: ScanStatus,
    /// None: it has not ended once.
    findings: Option<Vec<Finding>>,
}

/// What a scan has found.
#[derive(Clone, Debug)]
struct Finding {
    severity: FindingSeverity,
    /// `YES`, `NO` or `PARTIAL`, and the finding's status; only enhanced scanning says them.
    enhanced: Option<[&'static str; 2]>,
}

impl Scan {
    /// One that has no findings to tell, because of this status.
    pub fn of(status: ScanStatus) -> Scan {
        let findings = None;
        Scan { status, findings }
    }

    /// A basic scan that has ended with findings of these severities.
    pub fn complete(severities: &[FindingSeverity]) -> Scan {
        let finding = |severity: &FindingSeverity| Finding {
            severity: severity.clone(),
            enhanced: None,
        };
        Scan {
            status: ScanStatus::Complete,
            findings: Some(severities.iter().map(finding).collect()),
        }
    }

    /// An enhanced scan that has ended once: each finding's severity, whether a fix is available, and its status.
    pub fn active(findings: &[(FindingSeverity, [&'static str; 2])]) -> Scan {
        let finding = |(severity, enhanced): &(FindingSeverity, [&'static str; 2])| Finding {
            severity: severity.clone(),
            enhanced: Some(*enhanced),
        };
        Scan {
            status: ScanStatus::Active,
            findings: Some(findings.iter().map(finding).collect()),
        }
    }

    /// The answer of DescribeImageScanFindings, a page of it; `answer` has what every answer has.
    pub(super) fn answer(&self, input: &Value, mut answer: Value) -> Result<Value, Refusal> {
        let status = self.status.as_str();
        let description = format!("The scan is {status}.");
        answer["imageScanStatus"] = json!({"status": status, "description": description});
        let Some(findings) = &self.findings else {
            return Ok(answer);
        };
        let (from, to) = page(input, findings.len())?;
        let name = match self.status == ScanStatus::Active {
            true => "enhancedFindings",
            false => "findings",
        };
        let shown = findings.iter().enumerate().take(to).skip(from);
        let shown: Vec<_> = shown
            .map(|(number, finding)| finding.shown(number))
            .collect();
        answer["imageScanFindings"] = json!({
            "imageScanCompletedAt": COMPLETED_AT, "vulnerabilitySourceUpdatedAt": COMPLETED_AT,
            "findingSeverityCounts": counts(findings), name: shown,
        });
        if to < findings.len() {
            answer["nextToken"] = json!(to.to_string());
        }
        Ok(answer)
    }
}

impl Finding {
    fn shown(&self, number: usize) -> Value {
        let (name, severity) = (format!("CVE-2026-{number:04}"), self.severity.as_str());
        let Some([fix, status]) = self.enhanced else {
            return json!({"name": name, "severity": severity, "attributes": []});
        };
        json!({
            "findingArn": format!("arn:aws:inspector2:eu-west-1:1:finding/{number}"), "title": name,
            "severity": severity, "status": status, "fixAvailable": fix, "type": "PACKAGE_VULNERABILITY",
            "packageVulnerabilityDetails": {"vulnerabilityId": name},
        })
    }
}

/// The first finding of a page, and the first one behind it.
fn page(input: &Value, findings: usize) -> Result<(usize, usize), Refusal> {
    let invalid = |name: &str| {
        let message = format!("Invalid parameter at '{name}' failed to satisfy constraint");
        ("InvalidParameterException", message)
    };
    let size = input.get("maxResults");
    let size = size.map_or(Some(USUAL), Value::as_u64);
    let size = size.filter(|size| (1..=MOST).contains(size));
    let size = size.ok_or_else(|| invalid("maxResults"))?;
    let from = input.get("nextToken");
    let from = from.map_or(Some(0), |token| token.as_str()?.parse().ok());
    let from = from.filter(|from| *from == 0 || *from < findings);
    let from: usize = from.ok_or_else(|| invalid("nextToken"))?;
    let to = from.saturating_add(usize::try_from(size).unwrap_or(usize::MAX));
    Ok((from, to.min(findings)))
}

/// How many findings there are of each severity.
fn counts(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity.as_str()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_is_told_page_by_page_and_every_page_has_all_counts() {
        let scan = Scan::complete(&vec![FindingSeverity::Low; 250]);
        let (mut input, mut sizes) = (json!({}), Vec::new());
        loop {
            let answer = scan.answer(&input, json!({})).expect("a page");
            let findings = &answer["imageScanFindings"];
            assert_eq!(findings["findingSeverityCounts"], json!({"LOW": 250}));
            sizes.push(findings["findings"].as_array().map(Vec::len));
            if answer["nextToken"].is_null() {
                break;
            }
            input = json!({"nextToken": answer["nextToken"]});
        }
        assert_eq!(sizes, [100, 100, 50].map(Some));
    }

    #[test]
    fn a_page_that_nobody_can_have_is_refused() {
        let scan = Scan::active(&[(FindingSeverity::High, ["YES", "ACTIVE"])]);
        for input in [
            json!({"maxResults": 0}),
            json!({"maxResults": 1_001}),
            json!({"nextToken": "1"}),
            json!({"nextToken": "x"}),
        ] {
            let refused = scan.answer(&input, json!({})).expect_err("no such page");
            assert_eq!(refused.0, "InvalidParameterException", "{input}");
        }
    }
}
