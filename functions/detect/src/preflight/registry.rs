//! Which images the stack lets in, by what the registry says of this one. None of it is about a sync: that image is live.
//!
//! Here a fact that could not be looked up refuses, unlike anywhere else: no answer lets no image in.

use super::checks::{Check, MUTABLE_TAGS, SCAN_FINDINGS, Severity, UNSIGNED, VERIFIER};
use super::evidence::{Evidence, Finding};
use crate::look::{Facts, ImageScan, MutableTags};
use aws_sdk_ecr::types::{ImageSigningStatus, SigningStatus};
use chrono::TimeDelta;
use shared::scan::{ScanVerdict, verdict};
use shared::{PendingScan, ReleasePlan, excerpt};

/// How long a signature that is being made is waited for, from the start of the execution on. ECR signs with the push, which
/// takes seconds.
const SIGNING: TimeDelta = TimeDelta::minutes(10);

pub(super) fn findings(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Vec<Finding> {
    if plan.sync {
        return Vec::new();
    }
    let mut findings = scan_findings(evidence, facts, plan);
    findings.extend(mutable_tags(evidence, facts, plan));
    findings.extend(unsigned(evidence, facts, plan));
    findings.extend(verifier(evidence, plan));
    findings
}

/// The images whose scan is to be decided before the flip.
pub(crate) fn pending_scan(
    evidence: &Evidence<'_>,
    facts: &Facts,
    plan: &ReleasePlan,
) -> Option<PendingScan> {
    let scans = facts.scans.as_ref()?.as_ref().ok()?;
    let is_pending = |it: &&ImageScan| {
        let verdict = scan_verdict(evidence, it, plan);
        matches!(verdict, Some(ScanVerdict::Pending(_)))
    };
    let pending = scans.iter().filter(is_pending);
    let digests: Vec<_> = pending.map(|it| it.digest.clone()).collect();
    (!digests.is_empty()).then(|| PendingScan {
        digests,
        pushed_at: evidence.pushed_at(&plan.image.digest),
    })
}

/// None where the scan could not be looked up.
fn scan_verdict(
    evidence: &Evidence<'_>,
    image: &ImageScan,
    plan: &ReleasePlan,
) -> Option<ScanVerdict> {
    let (policy, scan) = (evidence.images.scan?, image.scan.as_ref().ok()?);
    let pushed_at = evidence.pushed_at(&plan.image.digest);
    Some(verdict(
        policy,
        (&image.digest, scan),
        pushed_at,
        evidence.now,
    ))
}

fn scan_findings(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Vec<Finding> {
    match &facts.scans {
        None => Vec::new(),
        Some(Err(unknown)) => vec![SCAN_FINDINGS.refuses_unknown(&unknown.0)],
        Some(Ok(scans)) => {
            let findings = scans.iter().map(|it| of_scan(evidence, it, plan));
            findings.flatten().collect()
        }
    }
}

fn of_scan(evidence: &Evidence<'_>, image: &ImageScan, plan: &ReleasePlan) -> Option<Finding> {
    if let Err(unknown) = &image.scan {
        return Some(SCAN_FINDINGS.refuses_unknown(&unknown.0));
    }
    match scan_verdict(evidence, image, plan)? {
        ScanVerdict::Passed => None,
        ScanVerdict::Pending(reason) => Some(SCAN_FINDINGS.note(format!(
            "{reason}, so the release would wait for it before its flip"
        ))),
        ScanVerdict::Refused(unscanned) => Some(Finding {
            remedy: unscanned.remedy,
            ..SCAN_FINDINGS.finding(unscanned.found)
        }),
    }
}

fn mutable_tags(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Option<Finding> {
    let tag = plan.image.tag.as_deref()?;
    let found = facts.tags.as_ref()?.may_move(tag)?;
    match evidence.images.mutable_tags {
        MutableTags::Allow => None,
        MutableTags::Warn => Some(MUTABLE_TAGS.finding(found)),
        MutableTags::Refuse => Some(MUTABLE_TAGS.refusal(found)),
    }
}

/// Why the release waits for its signature; none where it does not.
pub(crate) fn waits_for_signature(evidence: &Evidence<'_>, facts: &Facts) -> Option<String> {
    let statuses = facts.signing.as_ref()?.as_ref().ok()?;
    let count = |status: SigningStatus| {
        let own = statuses.iter().filter(|it| it.status() == Some(&status));
        own.count()
    };
    let going = count(SigningStatus::InProgress);
    let may_pass = going > 0 && going + count(SigningStatus::Complete) == statuses.len();
    let in_time = evidence.now - evidence.since < SIGNING;
    (may_pass && in_time).then(|| "the signature of the image is IN_PROGRESS".to_owned())
}

fn unsigned(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Option<Finding> {
    let statuses = match facts.signing.as_ref()? {
        Ok(statuses) => statuses,
        Err(unknown) => return Some(UNSIGNED.refuses_unknown(&unknown.0)),
    };
    if let Some(reason) = waits_for_signature(evidence, facts) {
        return Some(UNSIGNED.note(format!("{reason}, so the release would wait for it")));
    }
    let digest = &plan.image.digest;
    let complete = Some(&SigningStatus::Complete);
    let found = match statuses.iter().find(|it| it.status() != complete) {
        Some(other) => format!("the signature of {digest} is {}", described(other)),
        None if statuses.is_empty() => format!("{digest} has no signature"),
        None => return None,
    };
    let profile = evidence.images.signing_profile.as_deref();
    let profile = profile.unwrap_or_default();
    Some(UNSIGNED.finding(format!("{found}, expected COMPLETE by {profile}")))
}

/// The status of a signature, with the reason that ECR gives.
fn described(signing: &ImageSigningStatus) -> String {
    let status = signing
        .status()
        .map_or("without a status", |it| it.as_str());
    let reasons = [signing.failure_code(), signing.failure_reason()];
    let reasons: Vec<String> = reasons.into_iter().flatten().map(excerpt).collect();
    let status = excerpt(status);
    match reasons.as_slice() {
        [] => status,
        reasons => format!("{status} ({})", reasons.join(": ")),
    }
}

/// A preview calls nobody's function: whoever may read it could have it called otherwise.
fn verifier(evidence: &Evidence<'_>, plan: &ReleasePlan) -> Option<Finding> {
    let digest = &plan.image.digest;
    evidence.images.has_verifier.then(|| {
        VERIFIER.finding(format!(
            "a release asks the verifier about {digest} before it begins; a plan does not"
        ))
    })
}

impl Check {
    /// A finding that refuses since its fact is not known.
    fn refuses_unknown(&self, reason: &str) -> Finding {
        self.refusal(format!("could not be looked up: {reason}"))
    }

    /// A finding that speaks against nothing.
    fn note(&self, found: String) -> Finding {
        Finding {
            severity: Severity::Note,
            remedy: "Nothing.",
            ..self.finding(found)
        }
    }
}
