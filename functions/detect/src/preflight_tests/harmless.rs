//! Changes that are at a check's limit, or only look like what it finds.

use super::world::{LIVE, NEW, World, forwarding};
use aws_sdk_ecs::types::{CpuArchitecture, RuntimePlatform};
use shared::Environment;
use shared::record::Phase;

pub type Harmless = (&'static str, fn(&mut World));

pub const HARMLESS: &[Harmless] = &[
    ("a rule whose stickiness is off", |it| {
        it.found.rules[0].actions = vec![forwarding(false)];
    }),
    ("a delay below AWS's default", |it| {
        it.attributes().deregistration_seconds = Some(299);
    }),
    ("a delay that was not told", |it| {
        it.attributes().deregistration_seconds = None;
    }),
    ("a service that is not scaled", |it| {
        it.facts.ceilings.green = Ok(None)
    }),
    ("a ceiling that is just enough", |it| {
        it.facts.ceilings.green = Ok(Some(2))
    }),
    ("a role by its name alone", |it| {
        it.wanted().task_role_arn = Some("shop".to_owned());
    }),
    ("any role in a revision of the team's own", |it| {
        it.plan.task_definition = Some("shop:3".to_owned());
        it.wanted().task_role_arn = Some("arn:aws:iam::1:role/other".to_owned());
    }),
    ("the variable that is set anew", |it| {
        it.tell("DEPLOYMENT_SLOT", "green")
    }),
    ("a value that only holds a slot's name", |it| {
        it.tell("STAGE", "evergreen")
    }),
    ("an image for the platform that is asked for", |it| {
        let arm = RuntimePlatform::builder().cpu_architecture(CpuArchitecture::Arm64);
        it.wanted().runtime_platform = Some(arm.build());
        it.facts.platforms = Ok(vec!["linux/arm64".to_owned()]);
    }),
    ("the image of the expanding release itself", |it| {
        it.contracted(NEW, 20)
    }),
    ("an image that was pushed after a contract's", |it| {
        it.contracted(LIVE, 19)
    }),
    ("a sync once the flip back is over", |it| {
        it.plan.sync = true;
        synced(it);
    }),
    ("a revision of idle's own after a sync", |it| {
        synced(it);
        it.service().task_definition = Some("shop:9".to_owned());
    }),
    ("a rule elsewhere while somebody holds the record", |it| {
        synced(it);
        it.release().from = Environment::Green;
        it.record.holder = Some("arn:c1".to_owned());
    }),
    ("the old side before its release has ended", |it| {
        it.release().phase = Phase::Watching;
        it.found.sides.green.digests = vec![LIVE.to_owned()];
        it.service().running_count = 1;
    }),
];

/// The latest release brought green to what is live in blue.
fn synced(it: &mut World) {
    let release = it.release();
    release.phase = Phase::Synced;
    (release.from, release.to) = (Environment::Blue, Environment::Green);
    release.from_digest = Some(LIVE.to_owned());
    release.from_task_definition = Some("shop:2".to_owned());
    it.found.sides.green.digests = vec![LIVE.to_owned()];
}
