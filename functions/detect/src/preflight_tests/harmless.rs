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
        it.release().phase = Phase::Synced;
        it.release().from = Environment::Blue;
        it.found.sides.green.digests = vec![LIVE.to_owned()];
    }),
];
