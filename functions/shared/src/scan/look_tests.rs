use super::*;
use crate::scan::policy::ScanSeverity;
use aws_sdk_ecr::error::ErrorMetadata;
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsError;
use aws_sdk_ecr::types::error::ScanNotFoundException;
use aws_sdk_ecr::types::{
    EnhancedImageScanFinding, FindingSeverity, ImageScanFinding, ImageScanFindings,
    ImageScanStatus, ScanStatus,
};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::mock_client;

const ALL: ScanPolicy = ScanPolicy {
    least: ScanSeverity::High,
    only_fixable: false,
};
const FIXABLE: ScanPolicy = ScanPolicy {
    only_fixable: true,
    ..ALL
};

async fn looked(rule: &Rule, policy: ScanPolicy) -> Result<Scan, Error> {
    let ecr = mock_client!(aws_sdk_ecr, RuleMode::MatchAny, [rule]);
    let repository = Repository {
        registry: "111122223333",
        name: "shop",
    };
    look(&ecr, repository, &"sha256:a".into(), policy).await
}

/// Each token's page, the first one without a token.
fn answers(page: fn(Option<&str>) -> DescribeImageScanFindingsOutput) -> Rule {
    mock!(Client::describe_image_scan_findings)
        .match_requests(|request| {
            let digest = request.image_id().and_then(|it| it.image_digest());
            (request.registry_id(), request.repository_name(), digest)
                == (Some("111122223333"), Some("shop"), Some("sha256:a"))
        })
        .then_compute_output(move |request| page(request.next_token()))
}

fn page(
    status: ScanStatus,
    findings: ImageScanFindings,
    next: Option<&str>,
) -> DescribeImageScanFindingsOutput {
    DescribeImageScanFindingsOutput::builder()
        .image_scan_status(ImageScanStatus::builder().status(status).build())
        .image_scan_findings(findings)
        .set_next_token(next.map(str::to_owned))
        .build()
}

fn enhanced(severity: &str, status: &str, fix: Option<&str>) -> EnhancedImageScanFinding {
    EnhancedImageScanFinding::builder()
        .severity(severity)
        .status(status)
        .set_fix_available(fix.map(str::to_owned))
        .build()
}

fn counts(scan: &Scan) -> Vec<(ScanSeverity, u32)> {
    let findings = scan.findings.as_ref().expect("findings");
    findings
        .counts
        .iter()
        .map(|(it, count)| (*it, *count))
        .collect()
}

/// A page of basic scanning, with the counts of all.
fn basic(_: Option<&str>) -> DescribeImageScanFindingsOutput {
    let finding = ImageScanFinding::builder().severity(FindingSeverity::Low);
    let findings = ImageScanFindings::builder()
        .findings(finding.build())
        .finding_severity_counts(FindingSeverity::Critical, 3)
        .finding_severity_counts(FindingSeverity::Undefined, 9)
        .finding_severity_counts(FindingSeverity::from("DREADFUL"), 1);
    page(ScanStatus::Complete, findings.build(), Some("more"))
}

#[tokio::test]
async fn the_counts_of_a_scan_are_read_with_its_first_page() {
    let rule = answers(basic);
    for policy in [ALL, FIXABLE] {
        let scan = looked(&rule, policy).await.expect("a scan");
        assert_eq!(scan.status.as_deref(), Some("COMPLETE"));
        let expect = [
            (ScanSeverity::Low, 1),
            (ScanSeverity::Critical, 3),
            (ScanSeverity::Unknown, 1),
        ];
        assert_eq!(counts(&scan), expect);
        assert!(!scan.findings.expect("findings").tells_fixes);
    }
    assert_eq!(rule.num_calls(), 2);
}

/// Pages of enhanced scanning: on the first one no finding has a fix.
fn without_fix(token: Option<&str>) -> DescribeImageScanFindingsOutput {
    let fix = if token == Some("2") { "YES" } else { "NO" };
    let findings = ImageScanFindings::builder();
    let findings = findings.enhanced_findings(enhanced("HIGH", "ACTIVE", Some(fix)));
    page(ScanStatus::Active, findings.build(), Some("2"))
}

#[tokio::test]
async fn pages_are_read_until_a_finding_refuses() {
    let rule = answers(without_fix);
    let scan = looked(&rule, FIXABLE).await.expect("a scan");
    assert_eq!(counts(&scan), [(ScanSeverity::High, 1)]);
    assert!(scan.findings.expect("findings").has_more);
    assert_eq!(rule.num_calls(), 2);
}

#[tokio::test]
async fn pages_without_an_end_are_not_read_for_ever() {
    let rule = answers(|_| without_fix(None));
    let scan = looked(&rule, FIXABLE).await.expect("a scan");
    assert_eq!(rule.num_calls(), PAGES);
    assert!(scan.findings.expect("findings").has_more);
}

/// What is known where this page comes at once, and the one behind it never.
async fn in_time(first: Option<DescribeImageScanFindingsOutput>) -> Option<Scan> {
    let read = read(FIXABLE, async |token| match (token, &first) {
        (None, Some(page)) => Ok(Some(page.clone())),
        _ => std::future::pending().await,
    });
    read.await.expect("no error")
}

#[tokio::test(start_paused = true)]
async fn pages_that_come_too_late_are_findings_that_were_not_read() {
    let scan = in_time(Some(without_fix(None))).await.expect("a scan");
    assert!(scan.findings.expect("findings").has_more);
    assert_eq!(in_time(None).await, None);
}

/// A scan that goes on has no findings, and a status that is later than the first page counts.
#[tokio::test]
async fn a_scan_without_findings_is_one_without_them() {
    let rule = answers(|_| {
        let status = ImageScanStatus::builder().status(ScanStatus::InProgress);
        let output = DescribeImageScanFindingsOutput::builder();
        output.image_scan_status(status.build()).build()
    });
    let scan = looked(&rule, ALL).await.expect("a scan");
    assert_eq!(
        (scan.status.as_deref(), scan.findings),
        (Some("IN_PROGRESS"), None)
    );
}

#[tokio::test]
async fn no_scan_is_an_answer_and_anything_else_an_error() {
    let none = mock!(Client::describe_image_scan_findings).then_error(|| {
        let error = ScanNotFoundException::builder().build();
        DescribeImageScanFindingsError::ScanNotFoundException(error)
    });
    assert_eq!(looked(&none, ALL).await, Ok(Scan::absent()));
    for (code, expect) in [
        ("AccessDeniedException", "AccessDenied"),
        ("ImageNotFoundException", "NotFound"),
        ("ThrottlingException", "AwsUnavailable"),
    ] {
        let fails = mock!(Client::describe_image_scan_findings).then_error(move || {
            DescribeImageScanFindingsError::generic(ErrorMetadata::builder().code(code).build())
        });
        let error = looked(&fails, ALL).await.expect_err("no scan");
        assert_eq!(error.name(), expect);
    }
}
