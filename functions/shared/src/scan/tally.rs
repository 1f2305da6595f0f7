//! Adds up the pages of a scan. Pure.

use super::answer::{Findings, Scan};
use super::policy::{ScanPolicy, ScanSeverity};
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsOutput;
use aws_sdk_ecr::types::{EnhancedImageScanFinding, ImageScanFindings};
use std::collections::BTreeMap;

/// Findings of each severity; none: of those that no policy refuses.
type Counts = BTreeMap<Option<ScanSeverity>, u32>;

/// What the pages say that have been read.
pub(super) struct Tally {
    pub scan: Scan,
    policy: ScanPolicy,
    /// The findings of the lists, those that cannot refuse as well.
    listed: Counts,
    /// Those of them that can.
    refusing: Counts,
    /// ECR's own counts, which are of all pages; none: it gives none.
    own: Option<Counts>,
    has_list: bool,
    tells_fixes: bool,
}

impl Tally {
    pub fn new(policy: ScanPolicy) -> Tally {
        Tally {
            scan: Scan::default(),
            policy,
            listed: Counts::new(),
            refusing: Counts::new(),
            own: None,
            has_list: false,
            tells_fixes: false,
        }
    }

    /// Adds a page, and gives the token of the next one; none where no more of them matters.
    pub fn add(&mut self, page: DescribeImageScanFindingsOutput) -> Option<String> {
        let status = page.image_scan_status();
        self.scan.status = status.and_then(|it| Some(it.status()?.as_str().to_owned()));
        self.scan.description = status.and_then(|it| it.description().map(str::to_owned));
        let next = page.next_token.filter(|it| !it.is_empty());
        let Some(found) = page.image_scan_findings else {
            return next;
        };
        self.list(&found);
        let counts = self.counts();
        let refuses = counts.range(self.policy.least..).any(|(_, it)| *it > 0);
        let has_more = self.has_more(next.is_some());
        self.scan.findings = Some(Findings {
            is_completed: found.image_scan_completed_at.is_some(),
            counts,
            tells_fixes: self.tells_fixes,
            has_more,
            is_silent: self.own.is_none() && !self.has_list,
        });
        next.filter(|_| has_more && !refuses)
    }

    fn list(&mut self, found: &ImageScanFindings) {
        self.tells_fixes |= found.enhanced_findings.is_some();
        self.has_list |= found.enhanced_findings.is_some() || found.findings.is_some();
        let basic = found.findings().iter();
        let basic = basic.map(|it| (it.severity().map_or("", |severity| severity.as_str()), true));
        let enhanced = found.enhanced_findings().iter();
        let enhanced = enhanced.map(|it| (it.severity().unwrap_or(""), refuses(it, self.policy)));
        for (severity, refuses) in basic.chain(enhanced) {
            let severity = ScanSeverity::of_finding(severity);
            *self.listed.entry(severity).or_default() += 1;
            *self.refusing.entry(severity).or_default() += u32::from(refuses);
        }
        for (severity, count) in found.finding_severity_counts.iter().flatten() {
            let own = self.own.get_or_insert_default();
            let own = own.entry(ScanSeverity::of_finding(severity.as_str()));
            // Nobody can have counted so: it may be any number.
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            own.and_modify(|it| *it = count.max(*it)).or_insert(count);
        }
        if found.finding_severity_counts.is_some() {
            self.own.get_or_insert_default();
        }
    }

    /// ECR's own counts, where they count what the policy does: they do not say which findings have a fix.
    fn counted(&self) -> Option<&Counts> {
        let counts_others = self.policy.only_fixable && self.tells_fixes;
        self.own.as_ref().filter(|_| !counts_others)
    }

    fn counts(&self) -> BTreeMap<ScanSeverity, u32> {
        let mut counts = BTreeMap::new();
        let all = self.refusing.iter();
        for (severity, count) in all.chain(self.counted().into_iter().flatten()) {
            if let Some(severity) = severity {
                let most: &mut u32 = counts.entry(*severity).or_default();
                *most = (*most).max(*count);
            }
        }
        counts
    }

    /// Whether there are findings that were not read: on another page, or because the lists have fewer than ECR counts.
    fn has_more(&self, has_next: bool) -> bool {
        match (self.counted(), &self.own) {
            // Where another page is to come, counts of no more than was listed are not those of all.
            (Some(own), _) => has_next && total(own) <= total(&self.listed),
            (None, own) => has_next || own.as_ref().is_some_and(|it| self.lacks(it)),
        }
    }

    fn lacks(&self, own: &Counts) -> bool {
        let mut own = own.range(Some(self.policy.least)..);
        own.any(|(severity, count)| *count > self.listed.get(severity).copied().unwrap_or(0))
    }
}

fn total(counts: &Counts) -> u32 {
    counts.values().fold(0, |sum, it| sum.saturating_add(*it))
}

/// Whether a finding of enhanced scanning can refuse: somebody has suppressed or closed it, or it has no fix. What it does
/// not say lets nothing in.
fn refuses(finding: &EnhancedImageScanFinding, policy: ScanPolicy) -> bool {
    let is_over = matches!(finding.status(), Some("SUPPRESSED" | "CLOSED"));
    let is_excused = policy.only_fixable && finding.fix_available() == Some("NO");
    !(is_over || is_excused)
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
