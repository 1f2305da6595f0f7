//! What the registry says of the image, and which of that keeps it out.

use super::cases::Case;
use super::healthy::{NEW, day};
use super::silent::{SILENCE, silence};
use super::world::World;
use super::{check, world};
use crate::look::{ImageScan, MutableTags};
use crate::preflight::Severity::{Note, Refusal, Warning};
use crate::preflight::{Evidence, may_pass, warnings};
use aws_sdk_ecr::types::{ImageSigningStatus, ImageTagMutability, SigningStatus};
use chrono::TimeDelta;
use shared::scan::{Findings, Scan, ScanPolicy, ScanSeverity};
use shared::{Digest, PendingScan};

const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";

/// The release names a tag, and this becomes of it where the repository lets it move.
fn by_tag(world: &mut World, mutable_tags: MutableTags) {
    world.plan.image.tag = Some("v1.1.0".to_owned());
    world.facts.tags.setting = Some(ImageTagMutability::Mutable);
    world.images.mutable_tags = mutable_tags;
}

/// The stack asks for scans, and these images have them.
fn scanned(world: &mut World, scans: &[(&str, &str, u32)]) {
    world.images.scan = Some(ScanPolicy {
        least: ScanSeverity::High,
        only_fixable: false,
    });
    let scans = scans.iter().map(|(digest, status, critical)| ImageScan {
        digest: Digest::from(*digest),
        scan: Ok(Scan {
            status: Some((*status).to_owned()),
            findings: Some(Findings {
                is_completed: true,
                counts: [(ScanSeverity::Critical, *critical)].into(),
                ..Findings::default()
            }),
            ..Scan::default()
        }),
    });
    world.facts.scans = Some(Ok(scans.collect()));
}

/// The stack asks for a signature, whose states are these.
fn signed(world: &mut World, statuses: &[SigningStatus]) {
    world.images.signing_profile = Some(PROFILE.to_owned());
    let statuses = statuses.iter().map(|status| {
        let built = ImageSigningStatus::builder().signing_profile_arn(PROFILE);
        built.status(status.clone()).build()
    });
    world.facts.signing = Some(Ok(statuses.collect()));
}

fn signing(world: &mut World) -> &mut ImageSigningStatus {
    let statuses = world.facts.signing.as_mut().expect("asked for");
    &mut statuses.as_mut().expect("looked up")[0]
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
            it.facts.tags.setting = None;
        },
    ),
    (
        "scan-findings",
        Refusal,
        "sha256:a has 2 CRITICAL findings, expected none of HIGH or worse",
        |it| {
            scanned(it, &[("sha256:a", "COMPLETE", 2)]);
        },
    ),
    (
        "scan-findings",
        Refusal,
        "sha256:b is FAILED, expected COMPLETE or ACTIVE",
        |it| {
            scanned(
                it,
                &[("sha256:a", "COMPLETE", 0), ("sha256:b", "FAILED", 0)],
            );
        },
    ),
    (
        "scan-findings",
        Refusal,
        "could not be looked up: AWS did not answer",
        |it| {
            scanned(it, &[]);
            it.facts.scans = Some(silence());
        },
    ),
    (
        "scan-findings",
        Refusal,
        "could not be looked up: AWS did not answer",
        |it| {
            scanned(it, &[("sha256:a", "COMPLETE", 0)]);
            let scans = it.facts.scans.as_mut().expect("asked for");
            scans.as_mut().expect("looked up")[0].scan = silence();
        },
    ),
    (
        "scan-findings",
        Note,
        "sha256:a is IN_PROGRESS and not completed, so the release would wait for it",
        |it| {
            scanned(it, &[("sha256:a", "IN_PROGRESS", 0)]);
        },
    ),
    (
        "unsigned",
        Refusal,
        "sha256:new has no signature, expected COMPLETE by arn:aws:signer",
        |it| {
            signed(it, &[]);
        },
    ),
    (
        "unsigned",
        Refusal,
        "is FAILED (KEY: it is gone), expected COMPLETE",
        |it| {
            signed(it, &[SigningStatus::Failed]);
            signing(it).failure_code = Some("KEY".to_owned());
            signing(it).failure_reason = Some("it is\ngone".to_owned());
        },
    ),
    ("unsigned", Refusal, "is FAILED, expected", |it| {
        signed(
            it,
            &[
                SigningStatus::Complete,
                SigningStatus::InProgress,
                SigningStatus::Failed,
            ],
        );
        signing(it).status = Some(SigningStatus::Failed);
    }),
    ("unsigned", Refusal, "is NEWER, expected", |it| {
        signed(it, &[SigningStatus::from("NEWER")]);
    }),
    ("unsigned", Refusal, "is without a status, expected", |it| {
        signed(it, &[SigningStatus::Complete]);
        signing(it).status = None;
    }),
    (
        "unsigned",
        Refusal,
        "could not be looked up: AWS did not answer",
        |it| {
            signed(it, &[]);
            it.facts.signing = Some(silence());
        },
    ),
    (
        "unsigned",
        Refusal,
        "is IN_PROGRESS, expected COMPLETE",
        |it| {
            signed(it, &[SigningStatus::InProgress]);
            it.since = day(21) - TimeDelta::minutes(10);
        },
    ),
    (
        "unsigned",
        Note,
        "is IN_PROGRESS, so the release would wait for it",
        |it| {
            signed(it, &[SigningStatus::Complete, SigningStatus::InProgress]);
            it.since = day(21) - TimeDelta::seconds(599);
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

pub const LET_IN: &[super::harmless::Harmless] = &[
    ("a tag that may be moved where that is allowed", |it| {
        by_tag(it, MutableTags::Allow);
    }),
    ("a request by digest, which no tag can move", |it| {
        by_tag(it, MutableTags::Refuse);
        it.plan.image.tag = None;
    }),
    ("a tag that is fixed", |it| {
        by_tag(it, MutableTags::Refuse);
        it.facts.tags.setting = Some(ImageTagMutability::Immutable);
    }),
    ("scans that pass", |it| {
        scanned(
            it,
            &[("sha256:a", "COMPLETE", 0), ("sha256:b", "ACTIVE", 0)],
        );
    }),
    ("a signature that is there", |it| {
        signed(it, &[SigningStatus::Complete]);
    }),
];

/// What deploy is to decide before the flip.
fn pending(world: &World) -> Option<PendingScan> {
    world.with_evidence(|it: &Evidence<'_>| {
        crate::preflight::pending_scan(it, &world.facts, &world.plan)
    })
}

#[test]
fn only_what_is_still_going_is_left_to_be_decided_before_the_flip() {
    let two = world(|it| {
        scanned(
            it,
            &[("sha256:a", "COMPLETE", 0), ("sha256:b", "PENDING", 0)],
        );
    });
    let scan = pending(&two).expect("one that is pending");
    assert_eq!(scan.digests, [Digest::from("sha256:b")]);
    assert_eq!(scan.pushed_at, Some(day(20)), "of {NEW}");
    assert_eq!(may_pass(&two.findings()), Ok(()));
    assert_eq!(warnings(&two.findings()), Vec::<String>::new());
    for (_, _, found, change) in REGISTRY.iter().filter(|case| case.1 != Note) {
        assert_eq!(pending(&world(change)), None, "{found}");
    }
}

#[test]
fn none_of_it_is_about_a_sync() {
    for (name, _, found, change) in REGISTRY {
        let synced = world(|it| {
            change(it);
            it.plan.sync = true;
        });
        let findings = synced.findings();
        assert!(
            findings.iter().all(|it| it.name != *name),
            "{found}: {findings:?}"
        );
    }
}

#[test]
fn two_images_are_refused_each_with_its_own_remedy() {
    let world = world(|it| {
        scanned(
            it,
            &[
                ("sha256:a", "IMAGE_ARCHIVED", 0),
                ("sha256:b", "COMPLETE", 1),
            ],
        );
    });
    let reason = may_pass(&world.findings()).expect_err("a refusal");
    for expect in ["Restore the image", "Build the image with versions"] {
        assert!(reason.as_str().contains(expect), "{reason}");
    }
}

#[test]
fn what_is_not_known_of_an_image_refuses_unlike_any_other_fact() {
    let unknown = |it: &mut World| {
        scanned(it, &[]);
        it.facts.scans = Some(silence());
    };
    check(unknown, "scan-findings", Refusal, SILENCE);
    let reason = may_pass(&world(unknown).findings()).expect_err("a refusal");
    assert!(
        reason.as_str().contains("give it to the stack's role"),
        "{reason}"
    );
}
