//! What the registry says of the image for those checks that a stack asks for: its scans and its signature. What of that
//! could not be looked up refuses the release.

use super::fact::{Fact, patiently};
use super::manifest::Manifest;
use super::observer::Observer;
use super::platforms::platform;
use super::repository::by_digest;
use aws_sdk_ecr::types::ImageSigningStatus;
use futures::future::join_all;
use shared::ecs::Revision;
use shared::scan::{self, Scan, ScanPolicy};
use shared::{Digest, Error, ReleasePlan};

/// The scan of an image that may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageScan {
    pub digest: Digest,
    pub scan: Fact<Scan>,
}

/// The scans of the images of which tasks may run one; none where nobody asks for them.
pub(super) async fn scans(
    observer: &Observer,
    plan: &ReleasePlan,
    manifest: &Fact<Manifest>,
    wanted: &Fact<Revision>,
) -> Option<Fact<Vec<ImageScan>>> {
    let policy = observer.images.scan.filter(|_| !plan.sync)?;
    let wanted = wanted.as_ref().ok();
    let platform = wanted.and_then(|it| platform(&it.definition));
    let digests = match manifest {
        Ok(manifest) => manifest.runs_as(&plan.image.digest, platform.as_deref()),
        Err(unknown) => Err(unknown.clone()),
    };
    Some(match digests {
        Ok(digests) => Ok(scans_of(observer, digests, policy).await),
        Err(unknown) => Err(unknown),
    })
}

async fn scans_of(observer: &Observer, digests: Vec<Digest>, policy: ScanPolicy) -> Vec<ImageScan> {
    let lookups = digests.into_iter().map(async |digest| {
        // It gives up in time by itself.
        let scan = scan::look(&observer.ecr, observer.own(), &digest, policy).await;
        let scan = scan.map_err(Into::into);
        ImageScan { digest, scan }
    });
    join_all(lookups).await
}

/// How far the profile of the stack has signed the image; none where nobody asks for it.
pub(super) async fn signing(
    observer: &Observer,
    plan: &ReleasePlan,
) -> Option<Fact<Vec<ImageSigningStatus>>> {
    let profile = observer.images.signing_profile.as_ref();
    let profile = profile.filter(|_| !plan.sync)?;
    let statuses = patiently(signing_statuses(observer, &plan.image.digest)).await;
    Some(statuses.map(|all| {
        let own = all.into_iter().filter(|it| is_of(it, profile));
        own.collect()
    }))
}

/// ECR may name the profile, or a version of it: `ARN/VERSION`.
fn is_of(status: &ImageSigningStatus, profile: &str) -> bool {
    let rest = status.signing_profile_arn();
    let rest = rest.and_then(|arn| arn.strip_prefix(profile));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn signing_statuses(
    observer: &Observer,
    digest: &Digest,
) -> Result<Vec<ImageSigningStatus>, Error> {
    let own = observer.own();
    let call = observer.ecr.describe_image_signing_status();
    let call = call.registry_id(own.registry).repository_name(own.name);
    let answer = call.image_id(by_digest(digest)).send().await;
    let output =
        answer.map_err(|error| Error::from_sdk("ecr:DescribeImageSigningStatus", error))?;
    Ok(output.signing_statuses.unwrap_or_default())
}
