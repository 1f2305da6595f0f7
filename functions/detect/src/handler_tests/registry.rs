//! Registries that detect's tests meet.

use super::records::noon;
use aws_sdk_ecr::Client;
use aws_sdk_ecr::operation::batch_get_image::BatchGetImageOutput;
use aws_sdk_ecr::operation::describe_images::DescribeImagesOutput;
use aws_sdk_ecr::operation::describe_repositories::DescribeRepositoriesOutput;
use aws_sdk_ecr::types::builders::ImageDetailBuilder;
use aws_sdk_ecr::types::{
    Image, ImageDetail, ImageIdentifier, ImageStatus, ImageStatusFilter, Repository,
};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use aws_smithy_types::DateTime;
use fixtures::mock_client;
use serde_json::Value;
use std::sync::Arc;

/// ECR has every image as `sha256:new`, and got it so many seconds after noon.
pub fn images(seconds: i64) -> Rule {
    mock!(Client::describe_images).then_output(move || {
        let at = DateTime::from_secs(noon().timestamp() + seconds);
        let image = ImageDetail::builder().image_digest("sha256:new");
        let image = image.image_pushed_at(at).build();
        DescribeImagesOutput::builder().image_details(image).build()
    })
}

/// ECR has every image as `sha256:new`, and does not say when it got it.
pub fn image_found() -> Rule {
    mock!(Client::describe_images).then_output(|| {
        let image = ImageDetail::builder().image_digest("sha256:new").build();
        DescribeImagesOutput::builder().image_details(image).build()
    })
}

/// A registry whose images `image` describes, and that gives no manifest.
pub fn registry(image: &Rule) -> Client {
    let manifest =
        mock!(Client::batch_get_image).then_output(|| BatchGetImageOutput::builder().build());
    client(image, &manifest)
}

/// An image of a registry.
pub struct Stored {
    pub tag: &'static str,
    pub digest: &'static str,
    pub manifest: Value,
    /// What else ECR says of it.
    pub detail: ImageDetailBuilder,
}

/// An image of which ECR says nothing but its manifest.
pub fn stored(tag: &'static str, digest: &'static str, manifest: Value) -> Stored {
    Stored {
        tag,
        digest,
        manifest,
        detail: ImageDetail::builder(),
    }
}

impl Stored {
    fn is(&self, id: &ImageIdentifier) -> bool {
        id.image_tag() == Some(self.tag) || id.image_digest() == Some(self.digest)
    }
}

/// A registry that has these images and no other. It shows archived ones only to who asks for images of any status.
pub fn registry_of(images: Vec<Stored>) -> Client {
    let images = Arc::new(images);
    let found = |images: &[Stored], ids: &[ImageIdentifier]| {
        let found = images.iter().position(|it| ids.iter().any(|id| it.is(id)));
        found.into_iter()
    };
    let described = images.clone();
    let detail = mock!(Client::describe_images).then_compute_output(move |request| {
        let of_any = request.filter().and_then(|it| it.image_status());
        let found = found(&described, request.image_ids()).map(|it| {
            let Stored { digest, detail, .. } = &described[it];
            detail.clone().image_digest(*digest).build()
        });
        let shown = |it: &ImageDetail| {
            it.image_status() != Some(&ImageStatus::Archived)
                || of_any == Some(&ImageStatusFilter::Any)
        };
        let found = found.filter(shown);
        let output = DescribeImagesOutput::builder();
        output.set_image_details(Some(found.collect())).build()
    });
    let manifest = mock!(Client::batch_get_image).then_compute_output(move |request| {
        let found = found(&images, request.image_ids()).map(|it| {
            let manifest = images[it].manifest.to_string();
            let id = ImageIdentifier::builder().image_digest(images[it].digest);
            let image = Image::builder().image_id(id.build());
            image.image_manifest(manifest).build()
        });
        let output = BatchGetImageOutput::builder();
        output.set_images(Some(found.collect())).build()
    });
    client(&detail, &manifest)
}

/// A registry that describes images and gives manifests by these rules.
pub fn client(image: &Rule, manifest: &Rule) -> Client {
    client_with(image, manifest, &[])
}

/// The same, which answers more calls by these.
pub fn client_with(image: &Rule, manifest: &Rule, others: &[&Rule]) -> Client {
    let repository = mock!(Client::describe_repositories).then_output(|| {
        let repository = Repository::builder().repository_uri("host/shop").build();
        DescribeRepositoriesOutput::builder()
            .repositories(repository)
            .build()
    });
    let rules = [image, &repository, manifest];
    let rules = rules.into_iter().chain(others.iter().copied());
    mock_client!(aws_sdk_ecr, RuleMode::MatchAny, rules)
}
