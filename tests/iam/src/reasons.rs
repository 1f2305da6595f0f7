//! What stands in the policies although no recorded call needs it, or although it is wide, and why.

use crate::report::{Reason, Reasons};

pub const REASONS: Reasons = Reasons {
    unused: &UNUSED,
    wide: &WIDE,
};

/// Allowed actions that no recorded call needs.
const UNUSED: [Reason; 15] = [
    (
        "Detect",
        "ecr:GetDownloadUrlForLayer",
        "the images of the rehearsal are indexes, which name their platforms themselves",
    ),
    (
        "Detect",
        "secretsmanager:DescribeSecret",
        "the sample service reads no secret",
    ),
    (
        "Detect",
        "ecr:DescribeImageScanFindings",
        "only with ScanSeverity, which the recorded releases do not have",
    ),
    (
        "Deploy",
        "ecr:DescribeImageScanFindings",
        "only with ScanSeverity, and of a scan that was still going",
    ),
    (
        "Detect",
        "ecr:DescribeImageSigningStatus",
        "only with SigningProfileArn, which the recorded releases do not have",
    ),
    (
        "",
        "inspector2:ListFindings",
        "ECR itself asks Inspector in the caller's name, with enhanced scanning",
    ),
    (
        "Smoke",
        "secretsmanager:GetSecretValue",
        "only with SmokeSecretArn, which the recorded releases do not have",
    ),
    (
        "",
        "kms:",
        "AWS's services use the key in the caller's name",
    ),
    ("", "logs:CreateLogStream", "Lambda itself writes the log"),
    ("", "logs:PutLogEvents", "Lambda itself writes the log"),
    (
        "Deploy",
        "ecs:StopTask",
        "only a migration that takes too long is stopped",
    ),
    ("", "xray:", "Lambda itself traces the function"),
    (
        "Smoke",
        "ec2:",
        "Lambda itself puts the function into SmokeSubnetIds",
    ),
    (
        "Flip",
        "sqs:SendMessage",
        "Lambda itself keeps an alarm's event that failed",
    ),
    (
        "Flip",
        "events:PutEvents",
        "Lambda itself tells what flip did for an alarm",
    ),
];

/// Allowed on everything although AWS could narrow it.
const WIDE: [Reason; 1] = [(
    "Smoke",
    "ec2:",
    "Lambda makes the interfaces, so nobody knows their ARNs before; a Deny keeps the function's code from them",
)];
