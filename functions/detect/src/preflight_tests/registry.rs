//! What the registry says of the tag, and that a verifier will be asked.

use super::cases::Case;
use super::harmless::Harmless;
use super::scans::SCANS;
use super::signatures::SIGNATURES;
use super::world;
use super::world::World;
use crate::look::{MutableTags, TagMutability};
use crate::preflight::Severity::{Note, Refusal, Warning};
use aws_sdk_ecr::types::ImageTagMutability;

fn tags(world: &mut World) -> &mut TagMutability {
    world.facts.tags.get_or_insert_default()
}

/// The release names a tag, and this becomes of it where the repository lets it move.
fn by_tag(world: &mut World, mutable_tags: MutableTags) {
    world.plan.image.tag = Some("v1.1.0".to_owned());
    tags(world).setting = Some(ImageTagMutability::Mutable);
    world.images.mutable_tags = mutable_tags;
}

pub const REGISTRY: &[Case] = &[
    (
        "mutable-tags",
        Warning,
        "imageTagMutability is MUTABLE, expected one that fixes it",
        |it| {
            by_tag(it, MutableTags::Warn);
        },
    ),
    ("mutable-tags", Refusal, "tag v1.1.0 may be moved", |it| {
        by_tag(it, MutableTags::Refuse);
    }),
    (
        "mutable-tags",
        Refusal,
        "imageTagMutability is not given by ECR",
        |it| {
            by_tag(it, MutableTags::Refuse);
            tags(it).setting = None;
        },
    ),
    (
        "verifier",
        Note,
        "a release asks the verifier about sha256:new before it begins",
        |it| {
            it.images.has_verifier = true;
        },
    ),
];

pub const FIXED_TAGS: &[Harmless] = &[
    ("a tag that may be moved where that is allowed", |it| {
        by_tag(it, MutableTags::Allow);
    }),
    ("a request by digest, which no tag can move", |it| {
        by_tag(it, MutableTags::Refuse);
        it.plan.image.tag = None;
    }),
    ("a request that names a digest beside its tag", |it| {
        by_tag(it, MutableTags::Refuse);
        it.facts.tags = None;
    }),
    ("a tag that is fixed", |it| {
        by_tag(it, MutableTags::Refuse);
        tags(it).setting = Some(ImageTagMutability::Immutable);
    }),
];

#[test]
fn none_of_it_is_about_a_sync() {
    for (name, _, found, change) in [REGISTRY, SCANS, SIGNATURES].concat() {
        let synced = world(|it| {
            change(it);
            it.plan.sync = true;
        });
        let findings = synced.findings();
        assert!(
            findings.iter().all(|it| it.name != name),
            "{found}: {findings:?}"
        );
    }
}
