//! Observes the world for a release or a sync, and decides. Only reads.

use super::context::Context;
use super::decide::{Decision, already_live, decide};
use super::gather::{gather, is_one_build};
use super::migration::migration_task;
use crate::halt::Halt;
use crate::look::{self, Facts, RequestedImage, Snapshot};
use crate::preflight::{self, Evidence, Finding};
use crate::request::{ExecutionRequest, PlannedSteps};
use crate::task::{EarlierAnswers, Execution};
use chrono::Utc;
use migrations::Report;
use record::{Record, Time};
use shared::{Digest, MigrationTask, Refusal, ReleasePlan, listed};

/// What was decided before anything was written.
pub(super) struct Assessment {
    pub decision: Result<Decision, Refusal>,
    pub findings: Vec<Finding>,
    /// The plan, also where a finding refuses it.
    pub plan: Option<ReleasePlan>,
    /// What it first waits for.
    pub waits: Option<String>,
    /// When the new image was pushed, where ECR says it.
    pub pushed_at: Option<Time>,
}

impl Assessment {
    /// Decided before anything was checked.
    fn unchecked(decision: Result<Decision, Refusal>) -> Assessment {
        Assessment {
            decision,
            findings: Vec::new(),
            plan: None,
            waits: None,
            pushed_at: None,
        }
    }
}

/// Whose request is assessed, and what it is for.
pub(super) struct Subject<'a> {
    pub requested: &'a ExecutionRequest,
    pub execution: &'a Execution,
    /// What the linter says of the request's SQL.
    pub sql: Report,
    pub steps: PlannedSteps,
    pub earlier: &'a EarlierAnswers,
    /// The images in the requested one, where it is an index.
    pub members: Vec<Digest>,
}

impl Subject<'_> {
    /// Whether somebody has to say first that the steps of this plan can be judged; a preview asks for itself.
    pub fn asks_about_traffic(&self, plan: &ReleasePlan) -> bool {
        plan.steps.len() > 1 && !self.earlier.traffic_checked && !self.requested.preview
    }
}

/// `wanted` is none for the live image.
pub(super) async fn assess(
    context: &Context,
    subject: &Subject<'_>,
    wanted: Option<RequestedImage>,
    record: &Record,
    snapshot: &Snapshot,
) -> Result<Assessment, Halt> {
    let (requested, execution) = (subject.requested, subject.execution);
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => look::live_image(&context.observer, live_digest(snapshot)?).await?,
    };
    let same_build = look::same_build(snapshot, &wanted);
    let (image, is_live) = (wanted.image.clone(), same_build == Some(true));
    let mut plan = match decide(snapshot, requested, execution, image, is_live) {
        Ok(Decision::Release(plan)) => plan,
        decision @ (Ok(Decision::Skip(_)) | Err(_)) => {
            return Ok(Assessment::unchecked(decision));
        }
    };
    plan.migration = migration(context, requested, &plan, snapshot);
    plan.steps = subject.steps.steps.clone();
    plan.active_since = record.active_since(plan.from);
    let observer = &context.observer;
    if subject.asks_about_traffic(&plan) {
        // Detect is asked once more after that, and reads the facts then.
        let same_build = is_one_build(observer, snapshot, &plan, same_build).await;
        let skip = already_live(&plan, same_build).map(Decision::Skip);
        let decision = skip.unwrap_or(Decision::Release(plan));
        return Ok(Assessment::unchecked(Ok(decision)));
    }
    let gathered = gather(observer, snapshot, &wanted, &plan, same_build).await;
    if let Some(reason) = already_live(&plan, gathered.same_build) {
        return Ok(Assessment::unchecked(Ok(Decision::Skip(reason))));
    }
    let evidence = Evidence {
        snapshot,
        routing: &context.observer.routing,
        container: &context.observer.container,
        repository: &observer.own_repository(&execution.arn),
        images: &context.observer.images,
        push_times: &gathered.push_times,
        record,
        sql: &subject.sql,
        short_steps: subject.steps.warning.as_deref(),
        since: execution.start_time,
        now: Utc::now(),
    };
    Ok(check(context, &evidence, &gathered.facts, plan))
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
fn check(
    context: &Context,
    evidence: &Evidence<'_>,
    facts: &Facts,
    mut plan: ReleasePlan,
) -> Assessment {
    let findings = preflight::preflight(evidence, facts, &context.preflight, &plan);
    // What could not be looked up is in a preview only.
    plan.warnings = preflight::warnings(&findings);
    plan.scan = preflight::pending_scan(evidence, facts, &plan);
    let decision = preflight::may_pass(&findings).map(|()| {
        if in_sync(&plan, facts, evidence.container) {
            Decision::Skip(format!("{} runs what is live already", plan.to))
        } else {
            Decision::Release(plan.clone())
        }
    });
    Assessment {
        decision,
        findings: preflight::shown(&findings),
        waits: preflight::waits_for_signature(evidence, facts),
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
