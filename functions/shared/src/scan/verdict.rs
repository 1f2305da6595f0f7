//! Whether the scan of an image lets it in. Pure.

use super::answer::{Findings, Scan};
use super::policy::{ScanPolicy, ScanSeverity};
use crate::{Digest, Time, excerpt, listed};
use chrono::TimeDelta;

/// How long after a push nobody need know of its scan. A scan on push begins within seconds, but enhanced scanning hears of
/// an image by an event, and shows nothing of its scan before it has begun.
const FRESH: TimeDelta = TimeDelta::minutes(10);

/// What a scan says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanVerdict {
    Passed,
    /// It is still going: why.
    Pending(String),
    Refused(Unscanned),
}

/// Why a scan does not let an image in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unscanned {
    pub found: String,
    pub remedy: &'static str,
}

/// Holds the scan of an image against the policy. `pushed_at` is when the image of the release was pushed, none where ECR
/// does not say it.
pub fn verdict(
    policy: ScanPolicy,
    (digest, scan): (&Digest, &Scan),
    pushed_at: Option<Time>,
    now: Time,
) -> ScanVerdict {
    let findings = scan.findings.as_ref();
    match (scan.status.as_deref(), findings) {
        _ if scan.is_absent => absent(digest, pushed_at, now),
        (Some("IN_PROGRESS" | "PENDING"), _) => pending(digest, scan),
        // Enhanced scanning: it goes on for ever, and the first one is not completed.
        (Some("ACTIVE"), found) if !found.is_some_and(|it| it.is_completed) => {
            pending(digest, scan)
        }
        (Some(status @ ("COMPLETE" | "ACTIVE")), found) => match found {
            Some(findings) if !findings.is_silent => counted(policy, digest, findings),
            // A status, or a time, says that it ended, and not that it found nothing.
            Some(_) | None => silent(digest, status),
        },
        (status, _) => ScanVerdict::Refused(useless(digest, status, scan.description.as_deref())),
    }
}

fn absent(digest: &Digest, pushed_at: Option<Time>, now: Time) -> ScanVerdict {
    let minutes = FRESH.num_minutes();
    match pushed_at {
        Some(at) if now - at < FRESH => ScanVerdict::Pending(format!(
            "ECR knows of no scan of {digest} yet, which was pushed less than {minutes} minutes ago"
        )),
        at => {
            let at = at.map_or("an unknown time".to_owned(), |at| at.to_string());
            ScanVerdict::Refused(Unscanned {
                found: format!(
                    "ECR knows of no scan of {digest}, pushed at {at}, expected one within {minutes} minutes of the push"
                ),
                remedy: "Switch scan on push on and push again, or start a scan (aws ecr start-image-scan) and request it \
                         again, or set the parameter ScanSeverity to none. Findings of enhanced scanning are shown to \
                         the account of the repository only.",
            })
        }
    }
}

fn pending(digest: &Digest, scan: &Scan) -> ScanVerdict {
    let status = scan.status.as_deref().unwrap_or_default();
    ScanVerdict::Pending(format!(
        "the scan of {digest} is {status} and not completed"
    ))
}

fn silent(digest: &Digest, status: &str) -> ScanVerdict {
    ScanVerdict::Refused(Unscanned {
        found: format!("the scan of {digest} is {status}, and ECR gives no findings with it"),
        remedy: ANEW,
    })
}

fn counted(policy: ScanPolicy, digest: &Digest, findings: &Findings) -> ScanVerdict {
    let least = policy.least;
    let bad = findings.counts.iter().rev();
    let bad = bad.filter(|(severity, count)| **severity >= least && **count > 0);
    let bad = bad.map(|(severity, count)| format!("{count} {}", severity.name()));
    let bad: Vec<String> = bad.collect();
    let kind = match (policy.only_fixable, findings.tells_fixes) {
        (false, _) => "findings",
        (true, true) => "findings with a fix",
        (true, false) => "findings (basic scanning does not say which have a fix, so all count)",
    };
    let worse = if least == ScanSeverity::Critical {
        ""
    } else {
        " or worse"
    };
    let expected = format!("expected none of {}{worse}", least.name());
    let (found, remedy) = if !bad.is_empty() {
        let least_so = if findings.has_more { "at least " } else { "" };
        let bad = listed(bad, " and ");
        (
            format!("{digest} has {least_so}{bad} {kind}, {expected}"),
            "Build the image with versions that do not have them, or change the parameters ScanSeverity or ScanFindings.",
        )
    } else if findings.has_more {
        (
            format!("{digest} has more findings than are read, {expected}"),
            "Build the image with fewer findings, or set the parameter ScanFindings to all: then ECR's own count decides.",
        )
    } else {
        return ScanVerdict::Passed;
    };
    ScanVerdict::Refused(Unscanned { found, remedy })
}

const ANEW: &str =
    "Start a scan (aws ecr start-image-scan), or push the image again, and request it again then.";

/// A scan that says nothing of the image, and will not by itself.
fn useless(digest: &Digest, status: Option<&str>, description: Option<&str>) -> Unscanned {
    let remedy = match status {
        Some("UNSUPPORTED_IMAGE") => {
            "Build it on an operating system that ECR can scan, or set the parameter ScanSeverity to none and let a verifier \
             of your own decide."
        }
        Some("SCAN_ELIGIBILITY_EXPIRED") => {
            "Push the image again, or lengthen the re-scan duration in Amazon Inspector, and request it again then."
        }
        Some("LIMIT_EXCEEDED") => {
            "Wait until the account's quota of scans allows another one, or raise it, and request it again then."
        }
        Some("IMAGE_ARCHIVED") => {
            "Restore the image, and request it again once its scan is completed."
        }
        _ => ANEW,
    };
    let status = excerpt(status.unwrap_or("without a status"));
    let description = description.map(|it| format!(" ({})", excerpt(it)));
    let description = description.unwrap_or_default();
    Unscanned {
        found: format!(
            "the scan of {digest} is {status}{description}, expected COMPLETE or ACTIVE"
        ),
        remedy,
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
