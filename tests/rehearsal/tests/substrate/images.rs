//! What the proxy answers for ECR, as the SDK reads it: of scans and signatures, for images that the local ECR has.

use crate::NO_FUNCTIONS;
use anyhow::{Context, Result};
use aws_sdk_ecr::error::ProvideErrorMetadata;
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsOutput;
use aws_sdk_ecr::types::{FindingSeverity, ImageIdentifier, ScanStatus, SigningStatus};
use rehearsal::aws::Aws;
use rehearsal::proxy::{Proxy, Scan};
use rehearsal::registry::{Registry, digest, member};
use rehearsal::server::Server;

const ACCOUNT: &str = "100000000081";

const PROFILE: &str = "arn:aws:signer:eu-west-1:100000000081:/signing-profiles/shop";

/// A function behind the proxy, in an account with the build v1.0.0.
struct Function {
    proxy: Proxy,
    aws: Aws,
    _server: Server,
}

impl Function {
    async fn start() -> Result<Function> {
        let proxy = Proxy::start().await?;
        let server = Server::start(9, NO_FUNCTIONS).await?;
        proxy.forward_to(&server.endpoint);
        let person = Aws::new(&server.endpoint, ACCOUNT);
        let call = person.ecr().create_repository().repository_name("shop");
        call.send().await?;
        let registry = Registry::default();
        registry.push(&person, "shop", "v1.0.0").await?;
        let aws = Aws::new(&proxy.endpoint, ACCOUNT);
        Ok(Function {
            proxy,
            aws,
            _server: server,
        })
    }

    /// A page of the findings, or the error's code.
    async fn scan(
        &self,
        repository: &str,
        image: ImageIdentifier,
        next: Option<String>,
    ) -> Result<DescribeImageScanFindingsOutput, String> {
        let call = self.aws.ecr().describe_image_scan_findings();
        let call = call.repository_name(repository).image_id(image);
        let call = call.registry_id(ACCOUNT).set_next_token(next).customize();
        let call = call.mutate_request(|request| {
            let trace = "Root=1;Function=shop-1-Detect-1";
            request.headers_mut().insert("x-amzn-trace-id", trace);
        });
        let answer = call.send().await;
        answer.map_err(|error| error.code().unwrap_or_default().to_owned())
    }

    /// The signing statuses, or the error's code.
    async fn signatures(&self, of: &str) -> Result<Vec<SigningStatus>, String> {
        let call = self.aws.ecr().describe_image_signing_status();
        let call = call.repository_name("shop").image_id(by_digest(of));
        let call = call.customize().mutate_request(|request| {
            let trace = "Root=1;Function=shop-1-Detect-1";
            request.headers_mut().insert("x-amzn-trace-id", trace);
        });
        let answer = call.send().await;
        let answer = answer.map_err(|error| error.code().unwrap_or_default().to_owned())?;
        let statuses = answer.signing_statuses().iter();
        Ok(statuses.filter_map(|it| it.status().cloned()).collect())
    }
}

fn by_digest(digest: &str) -> ImageIdentifier {
    ImageIdentifier::builder().image_digest(digest).build()
}

/// Given a build that was pushed, whose images nobody has scanned or signed
/// When a function asks about it, and about what is not there
/// Then each error has its name, and there is no signature.
/// When its scan begins, and ends with 150 findings, and its signature fails
/// Then each answer says so, in two pages with all counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_function_reads_scans_and_signatures_through_the_proxy() -> Result<()> {
    let function = Function::start().await?;
    let (image, index) = (member("v1.0.0", "amd64"), digest("v1.0.0"));
    let scan = async |repository, of: &str, next| {
        let page = function.scan(repository, by_digest(of), next);
        page.await
    };
    let nowhere = format!("sha256:{}", "0".repeat(64));
    for (repository, of, error) in [
        ("other", &image, "RepositoryNotFoundException"),
        ("shop", &nowhere, "ImageNotFoundException"),
        ("shop", &image, "ScanNotFoundException"),
    ] {
        assert_eq!(
            scan(repository, of, None).await.err().as_deref(),
            Some(error)
        );
    }
    assert_eq!(function.signatures(&index).await, Ok(Vec::new()));
    let proxy = &function.proxy;
    proxy.scanned(ACCOUNT, &image, &Scan::of(ScanStatus::InProgress));
    let answer = scan("shop", &image, None).await;
    let answer = answer.expect("an answer");
    let status = answer.image_scan_status().and_then(|it| it.status());
    assert_eq!(status, Some(&ScanStatus::InProgress));
    assert!(answer.image_scan_findings().is_none());

    let high = (FindingSeverity::High, ["NO", "ACTIVE"]);
    proxy.scanned(ACCOUNT, &image, &Scan::active(&vec![high; 150]));
    let first = scan("shop", &image, None).await.expect("a page");
    let second = scan("shop", &image, first.next_token.clone()).await;
    let second = second.expect("a page");
    assert_eq!(second.next_token(), None);
    for (page, size) in [(first, 100), (second, 50)] {
        let findings = page.image_scan_findings().context("findings")?;
        let counts = findings.finding_severity_counts().context("counts")?;
        assert_eq!(counts[&FindingSeverity::High], 150);
        assert_eq!(findings.enhanced_findings().len(), size);
        assert_eq!(findings.enhanced_findings()[0].fix_available(), Some("NO"));
        assert!(findings.image_scan_completed_at().is_some());
    }
    proxy.signed(ACCOUNT, &index, PROFILE, SigningStatus::Failed);
    let failed = Ok(vec![SigningStatus::Failed]);
    assert_eq!(function.signatures(&index).await, failed);
    Ok(())
}
