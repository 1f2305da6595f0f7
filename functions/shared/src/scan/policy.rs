//! Which findings a stack does not let in.

use crate::Error;
use crate::config::Settings;
use serde::Deserialize;
use std::str::FromStr;

/// How bad a finding is, the least bad first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScanSeverity {
    Low,
    Medium,
    High,
    Critical,
    /// A name that this version does not know: it may be worse than any other.
    Unknown,
}

impl ScanSeverity {
    /// By the name that ECR or Inspector writes; none of a finding that no policy refuses.
    pub(super) fn of_finding(name: &str) -> Option<ScanSeverity> {
        match name {
            "INFORMATIONAL" | "UNDEFINED" | "UNTRIAGED" => None,
            name => Some(ScanSeverity::named(name).unwrap_or(ScanSeverity::Unknown)),
        }
    }

    fn named(name: &str) -> Option<ScanSeverity> {
        use ScanSeverity::{Critical, High, Low, Medium};
        let known = [Low, Medium, High, Critical];
        known.into_iter().find(|it| it.name() == name)
    }

    pub fn name(self) -> &'static str {
        match self {
            ScanSeverity::Low => "LOW",
            ScanSeverity::Medium => "MEDIUM",
            ScanSeverity::High => "HIGH",
            ScanSeverity::Critical => "CRITICAL",
            ScanSeverity::Unknown => "UNKNOWN",
        }
    }
}

/// Which findings refuse a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanPolicy {
    /// The least severity that does.
    pub least: ScanSeverity,
    /// Only findings that have a fix do, where enhanced scanning tells it.
    pub only_fixable: bool,
}

impl ScanPolicy {
    /// Reads `SCAN_SEVERITY` and `SCAN_FINDINGS`; none where nobody asks for scans.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or spelled otherwise.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<Option<ScanPolicy>, Error> {
        let expected = "none, CRITICAL, HIGH, MEDIUM or LOW";
        let Least(least) = settings.parsed("SCAN_SEVERITY", expected)?;
        let counted = settings.named("SCAN_FINDINGS", "all or fixable")?;
        Ok(least.map(|least| ScanPolicy {
            least,
            only_fixable: matches!(counted, Counted::Fixable),
        }))
    }
}

struct Least(Option<ScanSeverity>);

impl FromStr for Least {
    type Err = ();

    fn from_str(text: &str) -> Result<Least, ()> {
        match text {
            "none" => Ok(Least(None)),
            name => ScanSeverity::named(name)
                .map(|it| Least(Some(it)))
                .ok_or(()),
        }
    }
}

/// Which findings count.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Counted {
    All,
    Fixable,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(severity: &'static str, findings: &'static str) -> Result<Option<ScanPolicy>, Error> {
        ScanPolicy::read(&Settings(|name: &str| match name {
            "SCAN_SEVERITY" => Some(severity.to_owned()),
            "SCAN_FINDINGS" => Some(findings.to_owned()),
            _ => None,
        }))
    }

    #[test]
    fn a_policy_is_read_or_refused_in_words() {
        assert_eq!(read("none", "all"), Ok(None));
        let expect = ScanPolicy {
            least: ScanSeverity::High,
            only_fixable: true,
        };
        assert_eq!(read("HIGH", "fixable"), Ok(Some(expect)));
        for (severity, findings, expect) in [
            (
                "high",
                "all",
                "expected none, CRITICAL, HIGH, MEDIUM or LOW, found high.",
            ),
            ("UNKNOWN", "all", "found UNKNOWN."),
            ("", "all", "variable SCAN_SEVERITY: expected a value"),
            (
                "none",
                "some",
                "variable SCAN_FINDINGS: expected all or fixable, found some.",
            ),
        ] {
            let error = read(severity, findings).expect_err("refused").to_string();
            assert!(error.contains(expect), "{error}");
        }
    }
}
