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

/// The revision that the new one is made of, and what is looked up by it.
pub(super) struct Wanted {
    /// Where the team names its own, that one.
    pub revision: Fact<Revision>,
    /// The log groups and secrets that it names; none where it is not known.
    pub log_groups: Vec<NamedResource>,
    pub secrets: Vec<NamedResource>,
    /// The scans of the images that it may run; none where nobody asks for them.
    pub scans: Option<Fact<Vec<ImageScan>>>,
}

/// The wanted revision, and the one that idle runs now; `manifest` is that of the image of the plan.
pub(super) async fn revisions(
    observer: &Observer,
    plan: &ReleasePlan,
    manifest: &Fact<Manifest>,
) -> (Wanted, Fact<Revision>) {
    let idle = describe_revision(&observer.usual.ecs, &plan.idle.task_definition);
    join(wanted(observer, plan, manifest), patiently(idle)).await
}

async fn wanted(observer: &Observer, plan: &ReleasePlan, manifest: &Fact<Manifest>) -> Wanted {
    let active = &plan.active.task_definition;
    let wanted = plan.task_definition.as_ref().unwrap_or(active);
    let revision = patiently(describe_revision(&observer.usual.ecs, wanted)).await;
    let containers = revision
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
        scans(observer, plan, manifest, &revision),
    );
    Wanted {
        revision,
        log_groups,
        secrets,
        scans,
    }
}
