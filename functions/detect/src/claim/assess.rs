//! Observes the world for a release or a sync, and decides. Only reads.

use super::context::Context;
use super::decide::{Decision, WantedRelease, decide};
use crate::halt::Halt;
use crate::look::{
    Facts, PushedImage, Snapshot, gather_facts, image_by_digest, observe, pushed_images,
};
use crate::preflight::{Evidence, Finding, Severity, may_pass, preflight, same_but_slot};
use crate::request::ExecutionRequest;
use crate::task::Execution;
use chrono::Utc;
use record::Record;
use shared::{Digest, Image, Refusal, ReleasePlan};

/// What was decided before anything was written.
pub(super) struct Assessment {
    pub decision: Decision,
    pub findings: Vec<Finding>,
    /// The plan, also where a finding refuses it.
    pub plan: Option<ReleasePlan>,
    /// The new image, where the repository has it.
    pub image: Option<PushedImage>,
}

/// `image` is none for the live one.
pub(super) async fn assess(
    context: &Context,
    requested: &ExecutionRequest,
    image: Option<Image>,
    execution: &Execution,
    record: &Record,
) -> Result<Assessment, Halt> {
    let snapshot = observe(&context.environments).await?;
    let image = match image {
        Some(image) => image,
        None => image_by_digest(&context.repository, live_digest(&snapshot)?, None).await?,
    };
    match decide(&snapshot, &wanted(context, requested, image, execution)) {
        Decision::Release(plan) => Ok(check(context, &snapshot, record, plan).await),
        decision @ (Decision::Skip(_) | Decision::Refuse(_)) => Ok(Assessment {
            decision,
            findings: Vec::new(),
            plan: None,
            image: None,
        }),
    }
}

/// Holds a plan against the checks of the preflight.
async fn check(
    context: &Context,
    snapshot: &Snapshot,
    record: &Record,
    mut plan: ReleasePlan,
) -> Assessment {
    let digests = snapshot.digests().chain([&plan.image.digest]);
    let images = pushed_images(&context.repository, digests.cloned().collect()).await;
    let images = images.map_err(Into::into);
    // On the heap: so many lookups at once are too large for a thread's stack.
    let facts = gather_facts(&context.facts, &context.repository, snapshot, &plan);
    let facts = Box::pin(facts).await;
    let evidence = Evidence {
        snapshot,
        images: &images,
        record,
        now: Utc::now(),
    };
    let findings = preflight(&evidence, &facts, &context.preflight, &plan);
    plan.warnings = warnings(&findings);
    let decision = match may_pass(&findings) {
        Err(reason) => Decision::Refuse(reason),
        Ok(()) if in_sync(&plan, &facts, &context.repository.container) => {
            Decision::Skip(format!("{} runs what is live already", plan.to))
        }
        Ok(()) => Decision::Release(plan.clone()),
    };
    Assessment {
        decision,
        findings,
        image: images.ok().and_then(|mut it| it.remove(&plan.image.digest)),
        plan: Some(plan),
    }
}

fn wanted(
    context: &Context,
    requested: &ExecutionRequest,
    image: Image,
    execution: &Execution,
) -> WantedRelease {
    let sync = requested.is_sync();
    let standing = context.migrations.standing.clone().filter(|_| !sync);
    WantedRelease {
        release: execution.name.clone(),
        execution: execution.arn.clone(),
        image,
        task_definition: requested.task_definition().cloned(),
        migration: requested.migration.clone().or(standing),
        container: context.repository.container.clone(),
        sync,
    }
}

/// The image that customers get now, if all tasks agree about it.
fn live_digest(snapshot: &Snapshot) -> Result<Digest, Refusal> {
    let active = snapshot.active.clone()?;
    match snapshot.environments.get(active).digests.as_slice() {
        [digest] => Ok(digest.clone()),
        digests => {
            let digests: Vec<_> = digests.iter().map(Digest::as_str).collect();
            Err(Refusal::from(format!(
                "active {active} runs {digests:?}, expected tasks of one image. Bring {active} to one version first."
            )))
        }
    }
}

/// What goes with the release to its end; what could not be looked up is in a preview only.
fn warnings(findings: &[Finding]) -> Vec<String> {
    let warnings = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning);
    warnings.map(Finding::describe).collect()
}

/// Whether a sync has nothing to do: idle runs the live image in a revision that differs in its slot only, with enough
/// tasks.
fn in_sync(plan: &ReleasePlan, facts: &Facts, container: &str) -> bool {
    let (active, idle) = (&plan.active, &plan.idle);
    let (Ok(live), Ok(on_idle)) = (&facts.wanted, &facts.idle) else {
        return false;
    };
    plan.sync
        && idle.digest.is_some()
        && idle.digest == active.digest
        && idle.running >= active.desired
        && same_but_slot(live, on_idle, container)
}
