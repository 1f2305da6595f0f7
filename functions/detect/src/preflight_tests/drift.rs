//! The rows of the checks that hold the world against what the pipeline left there.

use super::cases::Case;
use super::world::{BEFORE, LIVE, pushed};
use crate::preflight::Severity::{Refusal, Warning};
use shared::Environment;
use shared::record::Phase;

pub const DRIFT: &[Case] = &[
    (
        "idle-drifted",
        Warning,
        "green runs sha256:hand (pushed 2026-11-05 12:00:00 UTC, 16 days ago), expected sha256:before",
        |it| {
            it.found.sides.green.digests = vec!["sha256:hand".to_owned()];
            it.images().insert("sha256:hand".to_owned(), pushed(5));
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs [\"sha256:before\", \"sha256:live\"], expected sha256:before",
        |it| it.found.sides.green.digests = vec![BEFORE.to_owned(), LIVE.to_owned()],
    ),
    (
        "idle-drifted",
        Warning,
        "green runs no task, expected sha256:before",
        |it| {
            it.found.sides.green.digests.clear();
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs revision shop:9, expected shop:1",
        |it| {
            it.service().task_definition = Some("shop:9".to_owned());
        },
    ),
    (
        "idle-drifted",
        Warning,
        "green runs sha256:before (pushed",
        |it| {
            it.record.release = None;
        },
    ),
    (
        "idle-drifted",
        Warning,
        "expected sha256:live; release r1 left it there and is rolled back",
        |it| {
            let release = it.release();
            (release.phase, release.to_digest) = (Phase::RolledBack, BEFORE.to_owned());
            (release.from, release.to) = (Environment::Blue, Environment::Green);
        },
    ),
    (
        "image-gone",
        Warning,
        "green runs sha256:before, which the repository does not have",
        |it| {
            it.images().remove(BEFORE);
        },
    ),
    (
        "lost-capacity",
        Warning,
        "green runs 1 tasks < 2 at the flip of release r1",
        |it| {
            it.service().running_count = 1;
        },
    ),
    (
        "rule-moved",
        Warning,
        "the rules forward to blue, and release r1 (synced) left them on green",
        |it| {
            it.release().phase = Phase::Synced;
            it.found.sides.green.digests = vec![LIVE.to_owned()];
        },
    ),
    (
        "older-than-contract",
        Refusal,
        "sha256:new was pushed at 2026-11-20 12:00:00 UTC, not after the image of release r0 \
         (2026-11-20 12:00:00 UTC), to which contract c1 belongs",
        |it| it.contracted(LIVE, 20),
    ),
    (
        "older-than-contract",
        Refusal,
        "sha256:new was pushed nobody knows when, not after the image of release r0",
        |it| {
            it.contracted(LIVE, 1);
            it.images().remove("sha256:new");
        },
    ),
    (
        "ends-flip-back",
        Warning,
        "traffic cannot go back to sha256:before after this",
        |it| {
            it.plan.sync = true;
        },
    ),
];
