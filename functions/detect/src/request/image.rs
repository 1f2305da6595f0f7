//! Reads the name of an image, and the ARN of a revision that names one.

use super::execution_request::Request;
use super::own_repository::OwnRepository;
use shared::{Digest, Refusal};

/// An image as `REPOSITORY:TAG`, `REPOSITORY@sha256:...` or `REPOSITORY:TAG@sha256:...` names it; `REPOSITORY` may stand
/// after the host of its registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ImageName {
    pub tag: Option<String>,
    pub digest: Option<Digest>,
}

impl ImageName {
    /// Reads the name of an image of `repository`, and refuses any other.
    pub(crate) fn read(image: &str, repository: &OwnRepository) -> Result<ImageName, Refusal> {
        let (image, digest) = match image.split_once('@') {
            Some((image, digest)) => (image, Some(digest_of(digest)?)),
            None => (image, None),
        };
        // A registry's host may carry a port, so the tag's colon is the one after the last slash.
        let name_starts = image.rfind('/').map_or(0, |slash| slash + 1);
        let (name, tag) = match image[name_starts..].split_once(':') {
            Some((name, tag)) => (&image[..name_starts + name.len()], Some(tag)),
            None => (image, None),
        };
        repository.require(name)?;
        Ok(ImageName {
            tag: tag.map(|tag| tag_of(tag.to_owned())).transpose()?,
            digest,
        })
    }
}

/// What a request for an image by its name means: where it has a digest, the tag only tells a person more.
pub(super) fn image(image: &str, repository: &OwnRepository) -> Result<Request, Refusal> {
    match ImageName::read(image, repository)? {
        ImageName {
            tag,
            digest: Some(digest),
        } => Ok(Request::Digest { digest, tag }),
        ImageName { tag: Some(tag), .. } => Ok(Request::Tag(tag)),
        ImageName { .. } => Err(format!("image {image} names neither a tag nor a digest").into()),
    }
}

pub(super) fn digest_of(text: &str) -> Result<Digest, Refusal> {
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(Digest::from(text))
    } else {
        Err(format!("expected a digest sha256:<64 hex digits>, found {text}").into())
    }
}

/// What a registry takes for a tag (OCI distribution specification).
pub(super) fn tag_of(text: String) -> Result<String, Refusal> {
    let is_word = |it: char| it.is_ascii_alphanumeric() || it == '_';
    let fits = text.len() <= 128
        && text.starts_with(is_word)
        && text.chars().all(|it| is_word(it) || it == '.' || it == '-');
    if fits {
        Ok(text)
    } else {
        Err(Refusal::from(format!(
            "expected a tag of at most 128 letters, digits, dots, dashes and underscores, found {text}"
        )))
    }
}

/// `arn:...:task-definition/NAME:REVISION`
pub(super) fn task_definition(arn: String) -> Result<Request, Refusal> {
    let revision = arn
        .split_once(":task-definition/")
        .and_then(|(_, name)| name.split_once(':'));
    match revision {
        Some((_, number)) if number.parse::<u32>().is_ok() => Ok(Request::TaskDefinition(arn)),
        _ => Err(format!("expected the ARN of a task definition's revision, found {arn}").into()),
    }
}

#[cfg(test)]
#[path = "image_tests.rs"]
mod tests;
