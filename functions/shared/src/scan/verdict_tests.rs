use super::*;
use std::collections::BTreeMap;

const STRICT: ScanPolicy = ScanPolicy {
    least: ScanSeverity::High,
    only_fixable: false,
};

fn now() -> Time {
    "2026-11-27T12:00:00Z".parse().expect("a time")
}

fn scan(status: &str, findings: Option<Findings>) -> Scan {
    Scan {
        status: Some(status.to_owned()),
        findings,
        ..Scan::default()
    }
}

fn completed(counts: &[(ScanSeverity, u32)]) -> Findings {
    Findings {
        is_completed: true,
        counts: counts.iter().copied().collect(),
        ..Findings::default()
    }
}

fn judge(policy: ScanPolicy, scan: &Scan, minutes_ago: Option<i64>) -> ScanVerdict {
    let pushed_at = minutes_ago.map(|it| now() - TimeDelta::minutes(it));
    verdict(policy, (&"sha256:a".into(), scan), pushed_at, now())
}

fn refused(policy: ScanPolicy, scan: &Scan) -> Unscanned {
    let verdict = judge(policy, scan, Some(60));
    let ScanVerdict::Refused(unscanned) = verdict else {
        panic!("not refused: {verdict:?}")
    };
    unscanned
}

#[test]
fn each_status_passes_is_waited_for_or_refuses_with_its_remedy() {
    let clean = Some(completed(&[]));
    let going = Some(Findings::default());
    for status in ["COMPLETE", "ACTIVE"] {
        assert_eq!(
            judge(STRICT, &scan(status, clean.clone()), None),
            ScanVerdict::Passed
        );
    }
    for (status, findings) in [
        ("IN_PROGRESS", None),
        ("PENDING", None),
        ("IN_PROGRESS", clean.clone()),
        ("ACTIVE", None),
        ("ACTIVE", going),
    ] {
        let expect = format!("the scan of sha256:a is {status} and not completed");
        let found = judge(STRICT, &scan(status, findings), None);
        assert_eq!(found, ScanVerdict::Pending(expect));
    }
    for (status, remedy) in [
        ("FAILED", "Start a scan"),
        ("UNSUPPORTED_IMAGE", "an operating system that ECR can scan"),
        ("SCAN_ELIGIBILITY_EXPIRED", "re-scan duration"),
        ("FINDINGS_UNAVAILABLE", "Start a scan"),
        ("LIMIT_EXCEEDED", "quota of scans"),
        ("IMAGE_ARCHIVED", "Restore the image"),
        ("NEWER", "Start a scan"),
    ] {
        for findings in [None, clean.clone()] {
            let refused = refused(STRICT, &scan(status, findings));
            let expect = format!("the scan of sha256:a is {status}, expected COMPLETE or ACTIVE");
            assert_eq!(refused.found, expect);
            assert!(
                refused.remedy.contains(remedy),
                "{status}: {}",
                refused.remedy
            );
        }
    }
}

#[test]
fn a_scan_that_says_too_little_refuses() {
    let odd = refused(STRICT, &Scan::default());
    assert!(odd.found.contains("is without a status"), "{}", odd.found);
    let odd = refused(STRICT, &scan("COMPLETE", None));
    assert!(odd.found.contains("gives no findings"), "{}", odd.found);
    let silent = Findings {
        is_silent: true,
        ..completed(&[])
    };
    for status in ["COMPLETE", "ACTIVE"] {
        let odd = refused(STRICT, &scan(status, Some(silent.clone())));
        let expect = format!("is {status}, and ECR gives no findings with it");
        assert!(odd.found.contains(&expect), "{}", odd.found);
    }
}

#[test]
fn what_aws_says_of_a_status_is_quoted_on_one_line() {
    let failed = Scan {
        description: Some("the OS\nis unknown".to_owned()),
        ..scan("FAILED", None)
    };
    let found = refused(STRICT, &failed).found;
    assert!(
        found.contains("is FAILED (the OS is unknown), expected"),
        "{found}"
    );
}

#[test]
fn an_absent_scan_is_waited_for_while_the_push_is_fresh() {
    let absent = Scan {
        is_absent: true,
        ..Scan::default()
    };
    for fresh in [-1, 0, 9] {
        let found = judge(STRICT, &absent, Some(fresh));
        assert!(
            matches!(found, ScanVerdict::Pending(_)),
            "{fresh}: {found:?}"
        );
    }
    for old in [Some(10), Some(600), None] {
        let ScanVerdict::Refused(found) = judge(STRICT, &absent, old) else {
            panic!("{old:?} passes")
        };
        assert!(
            found.found.contains("ECR knows of no scan of sha256:a"),
            "{found:?}"
        );
        assert!(
            found.remedy.contains("aws ecr start-image-scan"),
            "{found:?}"
        );
        assert!(
            found.remedy.contains("account of the repository"),
            "{found:?}"
        );
    }
}

#[test]
fn findings_refuse_from_the_severity_on_that_the_policy_names() {
    use ScanSeverity::{Critical, High, Low, Medium, Unknown};
    let policy = |least| ScanPolicy {
        least,
        only_fixable: false,
    };
    let all = completed(&[(Critical, 2), (High, 5), (Medium, 0), (Low, 7)]);
    let found = |least| refused(policy(least), &scan("COMPLETE", Some(all.clone()))).found;
    for (least, expect) in [
        (
            Critical,
            "sha256:a has 2 CRITICAL findings, expected none of CRITICAL",
        ),
        (
            High,
            "sha256:a has 2 CRITICAL and 5 HIGH findings, expected none of HIGH or worse",
        ),
        (
            Medium,
            "sha256:a has 2 CRITICAL and 5 HIGH findings, expected none of MEDIUM or worse",
        ),
        (
            Low,
            "sha256:a has 2 CRITICAL and 5 HIGH and 7 LOW findings, expected none of LOW or worse",
        ),
    ] {
        assert_eq!(found(least), expect);
    }
    let low = scan("ACTIVE", Some(completed(&[(Medium, 9)])));
    assert_eq!(judge(STRICT, &low, None), ScanVerdict::Passed);
    let unknown = scan("ACTIVE", Some(completed(&[(Unknown, 1)])));
    let found = refused(policy(Critical), &unknown).found;
    assert!(found.contains("1 UNKNOWN findings"), "{found}");
}

#[test]
fn what_only_fixable_means_depends_on_what_the_scan_tells() {
    let fixable = ScanPolicy {
        only_fixable: true,
        ..STRICT
    };
    let basic = completed(&[(ScanSeverity::High, 1)]);
    let found = refused(fixable, &scan("COMPLETE", Some(basic.clone()))).found;
    assert!(
        found.contains("1 HIGH findings (basic scanning does not say"),
        "{found}"
    );
    let enhanced = Findings {
        tells_fixes: true,
        ..basic
    };
    let found = refused(fixable, &scan("ACTIVE", Some(enhanced))).found;
    assert!(
        found.contains("1 HIGH findings with a fix, expected"),
        "{found}"
    );
}

#[test]
fn findings_that_were_not_all_read_refuse() {
    let more = |counts: BTreeMap<ScanSeverity, u32>| {
        let findings = Findings {
            has_more: true,
            counts,
            ..completed(&[])
        };
        refused(STRICT, &scan("ACTIVE", Some(findings))).found
    };
    let found = more([(ScanSeverity::High, 3)].into());
    assert!(found.contains("has at least 3 HIGH findings"), "{found}");
    let found = more(BTreeMap::new());
    assert!(found.contains("more findings than are read"), "{found}");
}
