use super::*;
use aws_sdk_ecr::types::{FindingSeverity, ImageScanFinding};
use aws_smithy_types::DateTime;

const ALL: ScanPolicy = ScanPolicy {
    least: ScanSeverity::High,
    only_fixable: false,
};
const FIXABLE: ScanPolicy = ScanPolicy {
    only_fixable: true,
    ..ALL
};

/// A page: ECR's own counts and the list of enhanced scanning, as far as there are any.
fn page(
    own: Option<&[(&str, i32)]>,
    listed: Option<&[(&str, &str, &str)]>,
    next: Option<&str>,
) -> DescribeImageScanFindingsOutput {
    let own = own.map(|it| it.iter().map(|(name, count)| ((*name).into(), *count)));
    let enhanced = |(severity, status, fix): &(&str, &str, &str)| {
        let finding = EnhancedImageScanFinding::builder();
        let finding = finding.severity(*severity).status(*status);
        finding.fix_available(*fix).build()
    };
    let findings = ImageScanFindings::builder()
        .image_scan_completed_at(DateTime::from_secs(1))
        .set_finding_severity_counts(own.map(Iterator::collect))
        .set_enhanced_findings(listed.map(|it| it.iter().map(enhanced).collect()));
    DescribeImageScanFindingsOutput::builder()
        .image_scan_findings(findings.build())
        .set_next_token(next.map(str::to_owned))
        .build()
}

/// What these pages say, each but the last of which leads to the next one.
fn read(policy: ScanPolicy, pages: Vec<DescribeImageScanFindingsOutput>) -> Findings {
    let mut tally = Tally::new(policy);
    let last = pages.len() - 1;
    for (number, page) in pages.into_iter().enumerate() {
        let next = tally.add(page);
        assert_eq!(next.is_some(), number < last, "page {number}");
    }
    tally.scan.findings.expect("findings")
}

fn counts(findings: &Findings) -> Vec<(ScanSeverity, u32)> {
    let some = findings.counts.iter().filter(|(_, count)| **count > 0);
    some.map(|(severity, count)| (*severity, *count)).collect()
}

#[test]
fn which_findings_have_a_fix_is_read_on_every_page() {
    let own = [
        ("CRITICAL", 3),
        ("HIGH", 2),
        ("MEDIUM", 9),
        ("UNTRIAGED", 1),
    ];
    let first = [("CRITICAL", "ACTIVE", "NO"), ("HIGH", "CLOSED", "YES")];
    let second = [
        ("CRITICAL", "SUPPRESSED", "YES"),
        ("CRITICAL", "CLOSED", "PARTIAL"),
        ("UNTRIAGED", "ACTIVE", "YES"),
    ];
    let third = |fix| [("HIGH", "ACTIVE", fix)];
    for (fix, expect) in [
        ("NO", vec![]),
        ("YES", vec![(ScanSeverity::High, 1)]),
        ("PARTIAL", vec![(ScanSeverity::High, 1)]),
        ("", vec![(ScanSeverity::High, 1)]),
    ] {
        let pages = vec![
            page(Some(&own), Some(&first), Some("2")),
            page(Some(&own), Some(&second), Some("3")),
            page(Some(&own), Some(&third(fix)), Some("")),
        ];
        let findings = read(FIXABLE, pages);
        assert_eq!(counts(&findings), expect, "{fix}");
        assert!(findings.tells_fixes && findings.is_completed && !findings.has_more);
    }
    let findings = read(ALL, vec![page(Some(&own), Some(&first), Some("2"))]);
    let expect = [
        (ScanSeverity::Medium, 9),
        (ScanSeverity::High, 2),
        (ScanSeverity::Critical, 3),
    ];
    assert_eq!(counts(&findings), expect);
    assert!(!findings.has_more);
}

#[test]
fn lists_with_fewer_findings_than_ecr_counts_were_not_all_read() {
    let unfixable = [("CRITICAL", "ACTIVE", "NO")];
    for (own, listed, lacks) in [
        ([("CRITICAL", 90)], &[][..], true),
        ([("CRITICAL", 2)], &unfixable, true),
        ([("CRITICAL", 1)], &unfixable, false),
        ([("HIGH", 1)], &unfixable, true),
        ([("CRITICAL", -1)], &unfixable, true),
        ([("DREADFUL", 1)], &[], true),
        ([("MEDIUM", 90)], &[], false),
        ([("UNTRIAGED", 90)], &[], false),
    ] {
        let findings = read(FIXABLE, vec![page(Some(&own), Some(listed), None)]);
        assert_eq!(findings.has_more, lacks, "{own:?}");
        assert_eq!(counts(&findings), []);
    }
}

#[test]
fn counts_of_no_more_than_was_listed_are_not_those_of_all_while_pages_come() {
    let low = [("LOW", "ACTIVE", "NO")];
    let high = [("HIGH", "ACTIVE", "NO")];
    for own in [&[][..], &[("LOW", 1)]] {
        let pages = vec![
            page(Some(own), Some(&low), Some("2")),
            page(Some(own), Some(&high), None),
        ];
        let findings = read(ALL, pages);
        let expect = [(ScanSeverity::Low, 1), (ScanSeverity::High, 1)];
        assert_eq!(counts(&findings), expect);
    }
    let findings = read(ALL, vec![page(Some(&[]), Some(&[]), None)]);
    assert!(!findings.has_more && !findings.is_silent);
}

#[test]
fn the_first_finding_that_refuses_ends_the_reading() {
    let high = [("HIGH", "ACTIVE", "YES")];
    for policy in [ALL, FIXABLE] {
        let findings = read(policy, vec![page(None, Some(&high), Some("2"))]);
        assert_eq!(counts(&findings), [(ScanSeverity::High, 1)]);
        assert!(findings.has_more);
    }
}

#[test]
fn a_count_that_no_scan_can_have_is_the_largest() {
    let findings = read(ALL, vec![page(Some(&[("HIGH", -1)]), None, None)]);
    assert_eq!(counts(&findings), [(ScanSeverity::High, u32::MAX)]);
}

#[test]
fn a_scan_is_silent_with_neither_counts_nor_a_list() {
    let empty: ImageScanFindings = ImageScanFindings::builder().build();
    let says = |findings: ImageScanFindings| {
        let page = DescribeImageScanFindingsOutput::builder().image_scan_findings(findings);
        !read(ALL, vec![page.build()]).is_silent
    };
    assert!(!says(empty));
    let timed = ImageScanFindings::builder().image_scan_completed_at(DateTime::from_secs(1));
    assert!(!says(timed.build()));
    let finding = ImageScanFinding::builder().severity(FindingSeverity::Low);
    assert!(says(
        ImageScanFindings::builder()
            .findings(finding.build())
            .build()
    ));
    assert!(!read(ALL, vec![page(Some(&[]), None, None)]).is_silent);
    assert!(!read(FIXABLE, vec![page(None, Some(&[]), None)]).is_silent);
}
