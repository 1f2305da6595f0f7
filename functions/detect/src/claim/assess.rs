//! Observes the world for a release or a sync, and decides. Only reads.

use super::context::Context;
use super::decide::{Decision, decide};
use super::migration::migration_task;
use crate::halt::Halt;
use crate::look::{self, Fact, Facts, Manifest, RequestedImage, Snapshot};
use crate::preflight::{self, Evidence, Finding};
use crate::request::{ExecutionRequest, PlannedSteps};
use crate::task::Execution;
use chrono::Utc;
use record::{Record, Time};
use shared::{Digest, MigrationTask, Refusal, ReleasePlan, listed};

/// What was decided before anything was written.
pub(super) struct Assessment {
    pub decision: Result<Decision, Refusal>,
    pub findings: Vec<Finding>,
    /// The plan, also where a finding refuses it.
    pub plan: Option<ReleasePlan>,
    /// When the new image was pushed, where ECR says it.
    pub pushed_at: Option<Time>,
}

/// Whose request is assessed, and what it is for.
pub(super) struct Subject<'a> {
    pub requested: &'a ExecutionRequest,
    pub execution: &'a Execution,
    pub steps: PlannedSteps,
    /// Whether these steps can be judged was asked before.
    pub traffic_checked: bool,
    /// The images in the requested one, where it is an index.
    pub members: Vec<Digest>,
}

/// `wanted` is none for the live image.
pub(super) async fn assess(
    context: &Context,
    subject: &Subject<'_>,
    wanted: Option<RequestedImage>,
    record: &Record,
    snapshot: &Snapshot,
) -> Result<Assessment, Halt> {
    let Subject {
        requested,
        execution,
        ..
    } = subject;
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => look::live_image(&context.observer, live_digest(snapshot)?).await?,
    };
    let same_build = look::is_same_build(&context.observer, snapshot, &wanted).await;
    let RequestedImage {
        image, manifest, ..
    } = wanted;
    let mut plan = match decide(snapshot, requested, execution, image, same_build) {
        Ok(Decision::Release(plan)) => plan,
        decision @ (Ok(Decision::Skip(_)) | Err(_)) => {
            return Ok(Assessment {
                decision,
                findings: Vec::new(),
                plan: None,
                pushed_at: None,
            });
        }
    };
    let container = &context.observer.container;
    plan.migration = migration(context, requested, &plan, snapshot);
    plan.steps = subject.steps.steps.clone();
    plan.active_since = record.active_since(plan.from);
    let digests = snapshot.digests().chain([&plan.image.digest]);
    let push_times = look::push_times(&context.observer, digests).await;
    let evidence = Evidence {
        snapshot,
        routing: &context.observer.routing,
        container,
        push_times: &push_times.map_err(Into::into),
        record,
        short_steps: subject.steps.warning.as_deref(),
        now: Utc::now(),
    };
    Ok(check(context, &evidence, &manifest, plan).await)
}

/// The request's own migration, or else the stack's, which a sync never runs.
fn migration(
    context: &Context,
    requested: &ExecutionRequest,
    plan: &ReleasePlan,
    snapshot: &Snapshot,
) -> Option<MigrationTask> {
    let standing = context.migrations.standing.as_ref();
    let standing = standing.filter(|_| !plan.sync);
    let step = requested.migration.as_ref().or(standing)?;
    let idle = snapshot.environments.get(plan.to);
    let container = &context.observer.container;
    Some(migration_task(step, idle, container, &plan.release))
}

/// Holds a plan against the checks of the preflight.
async fn check(
    context: &Context,
    evidence: &Evidence<'_>,
    manifest: &Fact<Manifest>,
    mut plan: ReleasePlan,
) -> Assessment {
    // On the heap: so many lookups at once are too large for a thread's stack.
    let facts = Box::pin(look::gather_facts(
        &context.observer,
        evidence.snapshot,
        &plan,
        manifest,
    ))
    .await;
    let findings = preflight::preflight(evidence, &facts, &context.preflight, &plan);
    // What could not be looked up is in a preview only.
    plan.warnings = preflight::warnings(&findings);
    let decision = preflight::may_pass(&findings).map(|()| {
        if in_sync(&plan, &facts, evidence.container) {
            Decision::Skip(format!("{} runs what is live already", plan.to))
        } else {
            Decision::Release(plan.clone())
        }
    });
    Assessment {
        decision,
        findings: preflight::shown(&findings),
        pushed_at: evidence.pushed_at(&plan.image.digest),
        plan: Some(plan),
    }
}

/// The image that customers get now, if all tasks agree about it.
fn live_digest(snapshot: &Snapshot) -> Result<Digest, Refusal> {
    let active = snapshot.active.clone()?;
    match snapshot.environments.get(active).digests.as_slice() {
        [digest] => Ok(digest.clone()),
        digests => {
            let digests = listed(digests.iter().map(Digest::as_str), ", ");
            Err(Refusal::from(format!(
                "active {active} runs [{digests}], expected tasks of one image. Bring {active} to one version first."
            )))
        }
    }
}

/// Whether a sync has nothing to do: enough tasks of idle run the live image, in a revision that differs by its slot.
fn in_sync(plan: &ReleasePlan, facts: &Facts, container: &str) -> bool {
    let (active, idle) = (&plan.active, &plan.idle);
    let (Ok(live), Ok(on_idle)) = (&facts.wanted, &facts.idle) else {
        return false;
    };
    plan.sync
        && idle.digest.is_some()
        && idle.digest == active.digest
        && idle.running >= active.desired
        && preflight::same_but_slot(&live.content, &on_idle.content, container)
}
