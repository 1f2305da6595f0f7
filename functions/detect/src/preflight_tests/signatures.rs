//! What the registry says of the image's signatures.

use super::cases::Case;
use super::harmless::Harmless;
use super::healthy::day;
use super::silent::silence;
use super::world::World;
use crate::preflight::Severity::{Note, Refusal};
use aws_sdk_ecr::types::{ImageSigningStatus, SigningStatus};
use chrono::TimeDelta;

const PROFILE: &str = "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/shop";

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

pub const SIGNATURES: &[Case] = &[
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
];

pub const SIGNED: &[Harmless] = &[("a signature that is there", |it| {
    signed(it, &[SigningStatus::Complete]);
})];
