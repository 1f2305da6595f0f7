//! Changes that are at a check's limit, or only look like what it finds.

use super::healthy::{LIVE, NEW};
use super::routes::{alone, weighted};
use super::world::World;
use aws_sdk_ecs::types::{CpuArchitecture, RuntimePlatform};
use record::Phase;
use shared::Environment;

pub type Harmless = (&'static str, fn(&mut World));

pub const HARMLESS: &[Harmless] = &[
    ("a rule whose stickiness is off", |world| {
        world.set_rule(weighted(100, 0, false));
    }),
    (
        "a rule to one group, whose stickiness means nothing",
        |world| {
            world.set_rule(alone("tg-blue", true));
        },
    ),
    ("a share of a rule whose stickiness is off", |world| {
        world.set_rule(alone("tg-blue", false));
        world.split();
    }),
    ("a delay below AWS's default", |world| {
        world.attributes().deregistration_seconds = Some(299);
    }),
    ("a delay that ELBv2 does not say", |world| {
        world.attributes().deregistration_seconds = None;
    }),
    ("a service that is not scaled", |world| {
        world.facts.ceilings.green = Ok(None)
    }),
    ("a ceiling that is just enough", |world| {
        world.facts.ceilings.green = Ok(Some(2))
    }),
    ("a role by its name alone", |world| {
        world.wanted().task_role_arn = Some("shop".to_owned());
    }),
    ("a role without a name", |world| {
        world.wanted().execution_role_arn = Some(String::new());
    }),
    ("the variable that is set anew", |world| {
        world.set_variable("DEPLOYMENT_SLOT", "green")
    }),
    ("a value that only holds a slot's name", |world| {
        world.set_variable("STAGE", "evergreen")
    }),
    ("a value that names both environments", |world| {
        world.set_variable("STRATEGY", "BLUE_GREEN")
    }),
    ("a container with the released one's image", |world| {
        world.add_container("worker", "host/shop:v1.0.0")
    }),
    ("a container that is pinned", |world| {
        world.add_container("agent", "vendor/agent@sha256:a")
    }),
    ("an image for the platform that is wanted", |world| {
        let arm = RuntimePlatform::builder().cpu_architecture(CpuArchitecture::Arm64);
        world.wanted().runtime_platform = Some(arm.build());
        world.facts.platforms = Ok(vec!["linux/arm64".to_owned()]);
    }),
    ("the image of the expanding release itself", |world| {
        world.contracted(NEW, 20)
    }),
    ("an image that was pushed after a contract's", |world| {
        world.contracted(LIVE, 19)
    }),
    ("a sync once the flip back is over", |world| {
        world.plan.sync = true;
        synced(world);
    }),
    ("a revision of idle's own after a sync", |world| {
        synced(world);
        world.service().task_definition = Some("shop:9".to_owned());
    }),
    (
        "a rule elsewhere while somebody holds the record",
        |world| {
            synced(world);
            world.release().from = Environment::Green;
            world.record.holder = Some("arn:c1".into());
        },
    ),
    ("idle before its release has ended", |world| {
        world.release().phase = Phase::Watching;
        world.snapshot.environments.green.digests = vec![LIVE.into()];
        world.service().running_count = 1;
    }),
];

/// The latest release brought green to what is live in blue.
pub fn synced(world: &mut World) {
    let release = world.release();
    release.phase = Phase::Synced;
    (release.from, release.to) = (Environment::Blue, Environment::Green);
    release.from_digest = Some(LIVE.into());
    release.from_task_definition = Some("shop:2".to_owned());
    world.snapshot.environments.green.digests = vec![LIVE.into()];
}
