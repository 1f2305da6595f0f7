//! Reads the scan of one image.

use super::answer::Scan;
use super::policy::ScanPolicy;
use super::tally::Tally;
use crate::{Digest, Error};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::operation::describe_image_scan_findings::DescribeImageScanFindingsOutput;
use aws_sdk_ecr::operation::describe_image_scan_findings::builders::DescribeImageScanFindingsFluentBuilder;
use aws_sdk_ecr::types::ImageIdentifier;
use std::time::Duration;

/// Findings of a page; one of enhanced scanning takes some KiB.
const PAGE: i32 = 250;

/// Pages of one image that are read.
const PAGES: usize = 20;

/// How long all pages of one image may take.
const PATIENCE: Duration = Duration::from_secs(6);

/// The repository whose images are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Repository<'a> {
    /// The account of its registry.
    pub registry: &'a str,
    pub name: &'a str,
}

/// Reads the scan of an image, as far as it takes to know whether it refuses.
///
/// # Errors
/// The named errors of `ecr:DescribeImageScanFindings`, and `AwsUnavailable` where no findings come in time.
pub async fn look(
    ecr: &Client,
    repository: Repository<'_>,
    digest: &Digest,
    policy: ScanPolicy,
) -> Result<Scan, Error> {
    let id = ImageIdentifier::builder().image_digest(digest.as_str());
    let call = ecr
        .describe_image_scan_findings()
        .registry_id(repository.registry)
        .repository_name(repository.name)
        .image_id(id.build())
        .set_max_results(policy.only_fixable.then_some(PAGE));
    let scan = read(policy, async |token| page(&call, token).await);
    scan.await?.ok_or_else(|| {
        let (call, seconds) = ("ecr:DescribeImageScanFindings", PATIENCE.as_secs());
        Error::AwsUnavailable(format!("{call} of {digest} took longer than {seconds} s"))
    })
}

/// Reads page after page; none where no findings come in time.
async fn read(
    policy: ScanPolicy,
    page: impl AsyncFn(Option<String>) -> Result<Option<DescribeImageScanFindingsOutput>, Error>,
) -> Result<Option<Scan>, Error> {
    let mut tally = Tally::new(policy);
    let pages = async {
        let mut token = None;
        for _ in 0..PAGES {
            token = match page(token).await? {
                Some(page) => tally.add(page),
                None => {
                    tally.scan = Scan::absent();
                    None
                }
            };
            if token.is_none() {
                break;
            }
        }
        Ok(())
    };
    match tokio::time::timeout(PATIENCE, pages).await {
        Ok(read) => read.map(|()| Some(tally.scan)),
        // What has been read says that there is more: to read it again would take as long.
        Err(_) => Ok(tally.scan.findings.is_some().then_some(tally.scan)),
    }
}

/// None: ECR knows of no scan.
async fn page(
    call: &DescribeImageScanFindingsFluentBuilder,
    token: Option<String>,
) -> Result<Option<DescribeImageScanFindingsOutput>, Error> {
    match call.clone().set_next_token(token).send().await {
        Ok(page) => Ok(Some(page)),
        Err(error) => match error.as_service_error() {
            Some(reason) if reason.is_scan_not_found_exception() => Ok(None),
            _ => Err(Error::from_sdk("ecr:DescribeImageScanFindings", error)),
        },
    }
}

#[cfg(test)]
#[path = "look_tests.rs"]
mod tests;
