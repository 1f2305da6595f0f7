//! What the scans of the images say, and which of that is left to be decided before the flip.

use super::cases::Case;
use super::harmless::Harmless;
use super::healthy::{NEW, day};
use super::silent::{SILENCE, silence};
use super::world::World;
use super::{check, world};
use crate::look::ImageScan;
use crate::preflight::Severity::{Note, Refusal};
use crate::preflight::{Evidence, may_pass, warnings};
use shared::scan::{Findings, Scan, ScanPolicy, ScanSeverity};
use shared::{Digest, PendingScan};

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

pub const SCANS: &[Case] = &[
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
];

pub const SCANNED: &[Harmless] = &[("scans that pass", |it| {
    scanned(
        it,
        &[("sha256:a", "COMPLETE", 0), ("sha256:b", "ACTIVE", 0)],
    );
})];

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
    for (_, _, found, change) in SCANS.iter().filter(|case| case.1 != Note) {
        assert_eq!(pending(&world(change)), None, "{found}");
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
