//! What ECR and a verifier say of a build's images, in place of what the local AWS does not have.

use crate::environment::Change;
use crate::proxy::Scan;
use crate::registry::{CPUS, digest, member};
use crate::stage::Stage;
use aws_sdk_ecr::types::SigningStatus;
use serde_json::json;
use std::time::Duration;

/// From one look at the calls to the next.
const POLL: Duration = Duration::from_millis(100);

/// The signing profile with which images are to be signed.
pub const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";

/// A parameter that asks for signatures with it.
pub const SIGNED: (&str, &str) = ("SigningProfileArn", PROFILE);

/// A verifier of one's own beside the service, whose ARN becomes a parameter as every output does.
pub fn verifier() -> Vec<Change> {
    let code = include_str!("../verifier.py");
    let properties = json!({"Runtime": "python3.13", "Handler": "index.handler", "Timeout": 60,
        "Code": {"ZipFile": code}, "Role": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/verifier"}});
    vec![
        (
            "/Resources/Verifier",
            json!({"Type": "AWS::Lambda::Function", "Properties": properties}),
        ),
        (
            "/Outputs/VerifierFunctionArn",
            json!({"Value": {"Fn::GetAtt": ["Verifier", "Arn"]}}),
        ),
    ]
}

impl Stage {
    /// From now on, ECR knows this of the scans of a build's images, one for each kind of machine; it may not be pushed yet.
    pub fn scanned(&self, build: &str, scan: &Scan) {
        for cpu in CPUS {
            self.scanned_for(build, cpu, scan);
        }
    }

    /// The same of its image for one kind of machine.
    pub fn scanned_for(&self, build: &str, cpu: &str, scan: &Scan) {
        let account = &self.aws.account;
        self.proxy.scanned(account, &member(build, cpu), scan);
    }

    /// Ends when a function has asked for a scan.
    pub async fn scan_read_by(&self, function: &str) {
        let has_read = || {
            let calls = self.proxy.calls(&self.aws.account);
            let mut calls = calls.iter().map(|it| &it.call);
            calls.any(|it| it.function == function && it.operation == "DescribeImageScanFindings")
        };
        while !has_read() {
            tokio::time::sleep(POLL).await;
        }
    }

    /// From now on, ECR has this status of a build's signature; it may not be pushed yet.
    pub fn signed(&self, build: &str, status: SigningStatus) {
        let account = &self.aws.account;
        self.proxy.signed(account, &digest(build), PROFILE, status);
    }
}
