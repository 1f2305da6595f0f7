//! The revisions that a plan begins with, and whether what the wanted one names exists.

use super::fact::{Fact, patiently};
use super::image_facts::{ImageScan, scans};
use super::lookups::{self, NamedResource};
use super::manifest::Manifest;
use super::names;
use super::observer::Observer;
use futures::future::join;
use shared::ReleasePlan;
use shared::ecs::{Revision, describe_revision};

pub(super) struct Revisions {
    /// The revision that the new one is made of; where the team names its own, that one.
    pub wanted: Fact<Revision>,
    /// The revision that idle runs now.
    pub idle: Fact<Revision>,
    /// The log groups and secrets that the wanted one names; none where it is not known.
    pub log_groups: Vec<NamedResource>,
    pub secrets: Vec<NamedResource>,
    /// The scans of the images that it may run; none where nobody asks for them.
    pub scans: Option<Fact<Vec<ImageScan>>>,
}

/// `manifest` is that of the image of the plan.
pub(super) async fn revisions(
    observer: &Observer,
    plan: &ReleasePlan,
    manifest: &Fact<Manifest>,
) -> Revisions {
    let idle = describe_revision(&observer.usual.ecs, &plan.idle.task_definition);
    let (wanted, idle) = join(wanted(observer, plan, manifest), patiently(idle)).await;
    Revisions { idle, ..wanted }
}

/// The wanted revision, and what is looked up by it; idle's is left open.
async fn wanted(observer: &Observer, plan: &ReleasePlan, manifest: &Fact<Manifest>) -> Revisions {
    let active = &plan.active.task_definition;
    let wanted = plan.task_definition.as_ref().unwrap_or(active);
    let wanted = patiently(describe_revision(&observer.usual.ecs, wanted)).await;
    let containers = wanted
        .as_ref()
        .map(|it| it.definition.container_definitions());
    let containers = containers.unwrap_or_default();
    let region = names::region_of(active);
    let allowed = &observer.secret_arns;
    let (log_groups, secrets, scans) = futures::join!(
        lookups::log_groups(&observer.logs, names::log_groups(containers, region)),
        lookups::secrets(
            &observer.secrets,
            names::secrets(containers),
            allowed,
            region,
        ),
        scans(observer, plan, manifest, &wanted),
    );
    Revisions {
        idle: Err("".into()),
        wanted,
        log_groups,
        secrets,
        scans,
    }
}
