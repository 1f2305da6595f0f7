//! The rows of the checks that hold the world against what the pipeline left there.

use super::cases::Case;
use super::healthy::{BEFORE, LIVE, day};
use crate::preflight::Severity::{Refusal, Warning};
use record::Phase;
use shared::Environment;

pub const DRIFT: &[Case] = &[
    (
        "idle-drifted",
        Warning,
        "green runs sha256:hand (pushed 2026-11-05 12:00:00 UTC, 16 days ago), expected sha256:before",
        |world| {
            world.snapshot.environments.green.digests = vec!["sha256:hand".into()];
            world
                .push_times()
                .insert("sha256:hand".into(), Some(day(5)));
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs [sha256:before, sha256:live], expected sha256:before",
        |world| world.snapshot.environments.green.digests = vec![BEFORE.into(), LIVE.into()],
    ),
    (
        "idle-drifted",
        Warning,
        "green runs no task, expected sha256:before",
        |world| {
            world.snapshot.environments.green.digests.clear();
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs revision shop:9, expected shop:1",
        |world| {
            world.service().task_definition = Some("shop:9".to_owned());
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs sha256:before (pushed",
        |world| {
            world.record.release = None;
        },
    ),
    (
        "idle-drifted",
        Warning,
        "expected sha256:live; release r1 left it there and is rolled back",
        |world| {
            let release = world.release();
            (release.phase, release.to_digest) = (Phase::RolledBack, BEFORE.into());
            (release.from, release.to) = (Environment::Blue, Environment::Green);
        },
    ),
    (
        "image-gone",
        Warning,
        "green runs sha256:before, which the repository does not have, or has archived",
        |world| {
            world.push_times().remove(&BEFORE.into());
        },
    ),
    (
        "lost-capacity",
        Warning,
        "green runs 1 tasks < 2 at the flip of release r1",
        |world| {
            world.service().running_count = 1;
        },
    ),
    (
        "rule-moved",
        Warning,
        "the rules forward to blue, and release r1 (synced) left them on green",
        |world| {
            world.release().phase = Phase::Synced;
            world.snapshot.environments.green.digests = vec![LIVE.into()];
        },
    ),
    (
        "older-than-contract",
        Refusal,
        "sha256:new was pushed at 2026-11-20 12:00:00 UTC, not after the image of release r0 \
         (2026-11-20 12:00:00 UTC), to which contract c1 belongs",
        |world| world.contracted(LIVE, 20),
    ),
    (
        "older-than-contract",
        Refusal,
        "sha256:new was pushed at an unknown time, not after the image of release r0",
        |world| {
            world.contracted(LIVE, 1);
            world.push_times().remove(&"sha256:new".into());
        },
    ),
    (
        "ends-flip-back",
        Warning,
        "traffic cannot be flipped back to sha256:before after this",
        |world| {
            world.plan.sync = true;
        },
    ),
];
