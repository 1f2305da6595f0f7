//! F1, F2 and F3: which images a stack lets in, by their scans, their signatures and their tags, and by a verifier.

use crate::case::Case;
use serde_json::{Value, json};

const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";

/// The image of the index v1.1.0 that Fargate runs on x86-64.
const MEMBER: &str = "images/v1.1.0 for amd64/scan";

pub fn cases() -> Vec<Case> {
    let mut cases = findings();
    cases.extend(fixes());
    cases.extend(unscanned());
    cases.extend(pending());
    cases.extend(signatures());
    cases.extend(tags());
    cases
}

fn basic(counts: Value) -> Value {
    json!({
        "imageScanStatus": {"status": "COMPLETE", "description": "The scan was completed successfully."},
        "imageScanFindings": {
            "imageScanCompletedAt": 1795168260, "findings": [], "findingSeverityCounts": counts,
        },
    })
}

fn status(status: &str) -> Value {
    json!({"imageScanStatus": {"status": status}})
}

/// Enhanced scanning: a finding of severity HIGH for each text that says whether it has a fix.
fn enhanced(fixes: &[&str]) -> Value {
    let findings = fixes
        .iter()
        .map(|fix| json!({"severity": "HIGH", "status": "ACTIVE", "fixAvailable": fix}));
    json!({
        "imageScanStatus": {"status": "ACTIVE"},
        "imageScanFindings": {
            "imageScanCompletedAt": 1795168260, "enhancedFindings": Vec::from_iter(findings),
            "findingSeverityCounts": {"HIGH": fixes.len()},
        },
    })
}

/// Enhanced scanning that counts more than it lists.
fn unlisted() -> Value {
    let mut scan = enhanced(&[]);
    scan["imageScanFindings"]["findingSeverityCounts"] = json!({"CRITICAL": 90});
    scan
}

/// A stack that keeps findings of severity HIGH out, where the image that will run has this scan.
fn scanned(title: &'static str, scan: Value) -> Case {
    let change = json!({"parameters/ScanSeverity": "HIGH", MEMBER: scan});
    Case::new("F1", title).change(change)
}

fn tag() -> Value {
    json!({"tag": "v1.1.0"})
}

fn findings() -> Vec<Case> {
    let bad = basic(json!({"CRITICAL": 1, "HIGH": 2, "LOW": 40}));
    let harmless = basic(json!({"MEDIUM": 9, "UNDEFINED": 3}));
    let found =
        &["sha256:110a… has 1 CRITICAL and 2 HIGH findings, expected none of HIGH or worse"];
    vec![
        scanned("a member that has findings", bad)
            .asks(tag())
            .refuses("scan-findings", found),
        scanned("findings below the limit", harmless)
            .asks(tag())
            .releases(),
        scanned("a sync, whose image is live", Value::Null)
            .change(json!({"faults/DescribeImageScanFindings": "AccessDeniedException"}))
            .asks(json!({"action": "sync"}))
            .decides("sync")
            .leaves_open("wrong-architecture")
            .warns("ends-flip-back", &["cannot be flipped back"]),
    ]
}

fn fixes() -> Vec<Case> {
    let fixable = |title, fixes: &[&str]| {
        let case = scanned(title, enhanced(fixes));
        let case = case.change(json!({"parameters/ScanFindings": "fixable"}));
        case.asks(tag())
    };
    let third_page = ["NO", "NO", "NO", "NO", "NO", "YES"];
    let all = "all findings, with a fix or without";
    vec![
        fixable("a fix on the third page", &third_page)
            .refuses("scan-findings", &["has 1 HIGH findings with a fix"]),
        fixable("no finding that has a fix", &["NO", "NO", "NO"]).releases(),
        scanned(all, enhanced(&["NO", "NO", "NO"]))
            .asks(tag())
            .refuses("scan-findings", &["has 3 HIGH findings, expected"]),
    ]
}

/// Scans that say nothing of the image.
fn unscanned() -> Vec<Case> {
    let refused = |title, scan, change: Value, says: &'static [&'static str]| {
        let case = scanned(title, scan).change(change).asks(tag());
        case.refuses("scan-findings", says)
    };
    vec![
        refused(
            "a scan of the index alone",
            Value::Null,
            json!({"images/v1.1.0/scan": basic(json!({}))}),
            &[
                "ECR knows of no scan of sha256:110a…",
                "aws ecr start-image-scan",
            ],
        ),
        refused(
            "fixes of findings that are not listed",
            unlisted(),
            json!({"parameters/ScanFindings": "fixable"}),
            &["has more findings than are read"],
        ),
        refused(
            "a scan that says nothing",
            json!({"imageScanStatus": {"status": "COMPLETE"}, "imageScanFindings": {}}),
            json!({}),
            &["is COMPLETE, and ECR gives no findings with it"],
        ),
        refused(
            "a scan that expired",
            status("SCAN_ELIGIBILITY_EXPIRED"),
            json!({}),
            &["is SCAN_ELIGIBILITY_EXPIRED", "re-scan duration"],
        ),
        refused(
            "a right that is missing",
            basic(json!({})),
            json!({"faults/DescribeImageScanFindings": "AccessDeniedException"}),
            &["could not be looked up: ecr:DescribeImageScanFindings failed: AccessDenied"],
        ),
    ]
}

/// The idle service runs the release, so that the check of the deployment comes to the scan.
fn deployed(case: Case) -> Case {
    let case = case.asks(tag()).releases();
    let case = case.calls("deploy", json!({"action": "register", "plan": "$plan"}));
    case.calls(
        "deploy",
        json!({"action": "update", "plan": "$plan", "taskDefinition": "$taskDefinition"}),
    )
}

fn checked(case: Case) -> Case {
    case.calls(
        "deploy",
        json!({
            "action": "check", "plan": "$plan", "taskDefinition": "$taskDefinition", "deployment": "$deployment",
            "desired": "$desired",
        }),
    )
}

fn pending() -> Vec<Case> {
    let going = || deployed(scanned("a scan that is still going", status("IN_PROGRESS")));
    let waits = checked(going()).answers(json!({"status": "waiting"}));
    let waits = waits.saying(&["the scan of sha256:110a… is IN_PROGRESS"]);
    let bad = waits.change(json!({MEMBER: basic(json!({"HIGH": 1}))}));
    let refused = checked(bad).answers(json!({"status": "refused"}));
    let good = going().change(json!({MEMBER: basic(json!({}))}));
    let lost = going().change(json!({"faults/DescribeImageScanFindings": "AccessDeniedException"}));
    vec![
        refused.saying(&["scan-findings: sha256:110a… has 1 HIGH findings"]),
        checked(good).answers(json!({"status": "steady"})),
        checked(lost).fails("AccessDenied"),
    ]
}

fn signatures() -> Vec<Case> {
    let stack = |title, signing: Value| {
        let change =
            json!({"parameters/SigningProfileArn": PROFILE, "images/v1.1.0/signing": signing});
        Case::new("F2", title).change(change)
    };
    let signed = |title, signing| stack(title, signing).asks(tag());
    let of = |status: &str| json!({"signingProfileArn": PROFILE, "status": status});
    let other = json!({"signingProfileArn": format!("{PROFILE}-test"), "status": "COMPLETE"});
    let failed = json!({
        "signingProfileArn": PROFILE, "status": "FAILED", "failureCode": "AccessDenied", "failureReason": "no right to sign",
    });
    vec![
        signed("a signature", json!([of("COMPLETE")])).releases(),
        signed("a signature of another profile", json!([other])).refuses(
            "unsigned",
            &["has no signature, expected COMPLETE by arn:aws:signer"],
        ),
        signed("a signature that failed", json!([failed]))
            .refuses("unsigned", &["is FAILED (AccessDenied: no right to sign)"]),
        stack("a registry that cannot be asked", json!([of("COMPLETE")]))
            .change(json!({"faults/DescribeImageSigningStatus": "AccessDeniedException"}))
            .asks(tag())
            .refuses("unsigned", &["could not be looked up"]),
    ]
}

fn tags() -> Vec<Case> {
    let of = |title, change: Value| Case::new("F3", title).change(change);
    vec![
        of("a tag that may be moved", json!({"parameters/MutableTags": "refuse"}))
            .asks(tag())
            .refuses("mutable-tags", &["tag v1.1.0 may be moved", "put-image-tag-mutability"])
            .asks(json!({"image": "shop@sha256:110…"}))
            .releases(),
        of("a tag that may be moved, beside a digest", json!({"parameters/MutableTags": "refuse"}))
            .asks(json!({"image": "shop:v1.1.0@sha256:110…"}))
            .releases(),
        of("a tag that may be moved, with a warning", json!({"parameters/MutableTags": "warn"}))
            .asks(tag())
            .releases()
            .warns("mutable-tags", &["imageTagMutability is MUTABLE"]),
        of("a warning that refuses", json!({
            "parameters/MutableTags": "warn", "parameters/RefuseOnWarnings": ["mutable-tags"],
        }))
        .asks(tag())
        .refuses("mutable-tags", &["tag v1.1.0 may be moved"]),
        of("a verifier that says yes", json!({"parameters/VerifierFunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:verifier"}))
            .asks(json!({"tag": "v1.1.0", "traffic": "10:300,100:120"}))
            .releases(),
        of("a registry of another account, which has no such repository", json!({"parameters/RegistryId": "444455556666"}))
            .asks(tag())
            .fails("an error")
            .saying(&["does not exist in the registry with id \\\"444455556666\\\""]),
    ]
}
