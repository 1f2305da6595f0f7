//! How far the world is from what the pipeline left there, and what is known of the images.

use super::checks::{
    ENDS_FLIP_BACK, IDLE_DRIFTED, IMAGE_GONE, LOST_CAPACITY, OLDER_THAN_CONTRACT, RULE_MOVED,
    WRONG_ARCHITECTURE,
};
use super::{Finding, Seen, Severity};
use crate::facts::Facts;
use aws_sdk_ecs::types::{Compatibility, TaskDefinition};
use shared::record::{Phase, Release};
use shared::{Environment, Plan};

pub fn findings(seen: &Seen<'_>) -> Vec<Finding> {
    let mut findings = gone(seen);
    let release = seen.record.release.as_ref();
    // While somebody holds the record the environments are meant to differ from what was left there.
    if let Some(idle) = seen.idle().filter(|_| seen.record.holder.is_none()) {
        findings.extend(drifted(seen, release, idle));
        findings.extend(release.and_then(|it| lost(seen, it, idle)));
        findings.extend(release.and_then(|it| moved(seen, it, idle.other())));
    }
    findings
}

/// Idle holds another image or revision than the release before left there, or than what is live.
fn drifted(seen: &Seen<'_>, release: Option<&Release>, idle: Environment) -> Option<Finding> {
    let side = seen.found.sides.get(idle);
    let expected = left_there(seen, release, idle);
    let told = expected.join(" or ");
    let found = match side.digests.as_slice() {
        _ if expected.is_empty() => return None,
        [digest] if expected.contains(digest) => revised(seen, release?, idle)?,
        [digest] => format!("runs {digest}{}, expected {told}", age(seen, digest)),
        [] => format!("runs no task, expected {told}"),
        several => format!("runs {several:?}, expected {told}"),
    };
    let left_by = release
        .filter(|it| it.to == idle && side.digests == [it.to_digest.clone()])
        .map(|it| format!("; release {} left it there and is {}", it.id, it.phase))
        .unwrap_or_default();
    Some(Finding::new(
        IDLE_DRIFTED,
        format!("{idle} {found}{left_by}"),
    ))
}

/// The images that idle may run: after a stable release what was live before it; after one that failed before it
/// deployed, what idle ran before it; else what is live now.
fn left_there(seen: &Seen<'_>, release: Option<&Release>, idle: Environment) -> Vec<String> {
    let live = single(&seen.found.sides.get(idle.other()).digests);
    let images = match release {
        Some(it) if stable_away_from(it, idle) => vec![it.from_digest.clone()],
        Some(it) if it.phase == Phase::Failed && it.to == idle => {
            vec![live, it.idle_digest.clone()]
        }
        Some(_) | None => vec![live],
    };
    images.into_iter().flatten().collect()
}

fn stable_away_from(release: &Release, idle: Environment) -> bool {
    release.phase == Phase::Stable && release.to != idle
}

/// The same image in another revision than the one that was live before the release.
fn revised(seen: &Seen<'_>, release: &Release, idle: Environment) -> Option<String> {
    let expected = release.from_task_definition.as_deref()?;
    let service = seen.found.sides.get(idle).service.as_ref()?;
    let runs = service.task_definition()?;
    let revised = stable_away_from(release, idle) && runs != expected;
    revised.then(|| format!("runs revision {runs}, expected {expected}"))
}

fn single(digests: &[String]) -> Option<String> {
    match digests {
        [digest] => Some(digest.clone()),
        _ => None,
    }
}

fn age(seen: &Seen<'_>, digest: &str) -> String {
    let image = seen.images.as_ref().ok().and_then(|it| it.get(digest));
    let pushed_at = image.and_then(|it| it.pushed_at);
    pushed_at.map_or_else(String::new, |at| {
        format!(" (pushed {at}, {} days ago)", (seen.now - at).num_days())
    })
}

/// Images that run somewhere and are in the repository no more.
fn gone(seen: &Seen<'_>) -> Vec<Finding> {
    let images = match &seen.images {
        Ok(images) => images,
        Err(reason) => return vec![Finding::unknown(IMAGE_GONE, reason)],
    };
    let running = Environment::BOTH.into_iter().flat_map(|environment| {
        let digests = &seen.found.sides.get(environment).digests;
        digests.iter().map(move |digest| (environment, digest))
    });
    running
        .filter(|(_, digest)| !images.contains_key(*digest))
        .map(|(environment, digest)| {
            Finding::new(
                IMAGE_GONE,
                format!("{environment} runs {digest}, which the repository does not have"),
            )
        })
        .collect()
}

/// Between the flip and now the old side has lost tasks that it had.
fn lost(seen: &Seen<'_>, release: &Release, idle: Environment) -> Option<Finding> {
    if release.phase != Phase::Stable || release.from != idle {
        return None;
    }
    let running = seen
        .found
        .sides
        .get(idle)
        .service
        .as_ref()
        .map_or(0, |it| it.running_count());
    (running < release.from_desired).then(|| {
        let found = format!(
            "{idle} runs {running} tasks < {} at the flip of release {}",
            release.from_desired, release.id
        );
        Finding::new(LOST_CAPACITY, found)
    })
}

/// A release that has ended says where the rules should forward to.
fn moved(seen: &Seen<'_>, release: &Release, active: Environment) -> Option<Finding> {
    let ended = release.phase.is_terminal() && seen.record.holder.is_none();
    (ended && release.rightful() != active).then(|| {
        let found = format!(
            "the rules forward to {active}, and release {} ({}) left them on {}",
            release.id,
            release.phase,
            release.rightful()
        );
        Finding::new(RULE_MOVED, found)
    })
}

/// What is known of the image itself, and what a sync does to the other.
pub fn image_findings(seen: &Seen<'_>, facts: &Facts, plan: &Plan) -> Vec<Finding> {
    let mut findings: Vec<_> = older(seen, plan).into_iter().collect();
    findings.extend(architecture(facts, plan));
    findings.extend(unpullable(seen, plan));
    let back = seen.record.release.as_ref().filter(|it| {
        plan.sync && it.from == plan.to && matches!(it.phase, Phase::Stable | Phase::Watching)
    });
    findings.extend(back.map(|release| {
        let older = release
            .from_digest
            .as_deref()
            .unwrap_or("the version before");
        Finding::new(
            ENDS_FLIP_BACK,
            format!("traffic cannot go back to {older} after this"),
        )
    }));
    findings
}

/// A sync would give the way back up for an image that no task can be started from.
fn unpullable(seen: &Seen<'_>, plan: &Plan) -> Option<Finding> {
    let images = seen.images.as_ref().ok().filter(|_| plan.sync)?;
    let digest = &plan.image.digest;
    (!images.contains_key(digest)).then(|| Finding {
        severity: Severity::Refusal,
        ..Finding::new(
            IMAGE_GONE,
            format!("the live image {digest} is not in the repository"),
        )
    })
}

/// What ECR does not tell now is refused as well: nothing else says whether the image fits the schema.
fn older(seen: &Seen<'_>, plan: &Plan) -> Option<Finding> {
    let contract = seen.record.contract.as_ref()?;
    let (floor, digest) = (&contract.floor, &plan.image.digest);
    let known = seen.images.as_ref().ok().and_then(|it| it.get(digest));
    let pushed_at = match known.and_then(|it| it.pushed_at) {
        Some(at) if at > floor.pushed_at => return None,
        _ if *digest == floor.digest => return None,
        Some(at) => format!("pushed at {at}"),
        None => "pushed nobody knows when".to_owned(),
    };
    let found = format!(
        "{digest} was {pushed_at}, not after the image of release {} ({}), to which contract {} belongs",
        floor.release, floor.pushed_at, contract.id
    );
    Some(Finding::new(OLDER_THAN_CONTRACT, found))
}

fn architecture(facts: &Facts, plan: &Plan) -> Option<Finding> {
    let wanted = facts.wanted.as_ref().ok()?;
    let images = match &facts.platforms {
        Ok(images) => images,
        Err(reason) => return Some(Finding::unknown(WRONG_ARCHITECTURE, reason)),
    };
    let Some(expected) = platform(wanted) else {
        let reason = "the task definition names no runtimePlatform, so its instances decide";
        return Some(Finding::unknown(WRONG_ARCHITECTURE, reason));
    };
    (!images.contains(&expected)).then(|| {
        let found = format!(
            "{} is built for {}, the task definition asks for {expected}",
            plan.image.digest,
            images.join(" and ")
        );
        Finding::new(WRONG_ARCHITECTURE, found)
    })
}

/// The platform of a task definition in a registry's words. Without one Fargate runs Linux on x86-64; elsewhere the
/// instances decide.
fn platform(definition: &TaskDefinition) -> Option<String> {
    let platform = definition.runtime_platform();
    let on_fargate = definition
        .requires_compatibilities()
        .contains(&Compatibility::Fargate);
    let cpu = match platform.and_then(|it| it.cpu_architecture()) {
        Some(cpu) => cpu.as_str(),
        None if on_fargate => "X86_64",
        None => return None,
    };
    let system = platform.and_then(|it| it.operating_system_family());
    let windows = system.is_some_and(|it| it.as_str().starts_with("WINDOWS"));
    let system = if windows { "windows" } else { "linux" };
    let cpu = if cpu == "ARM64" { "arm64" } else { "amd64" };
    Some(format!("{system}/{cpu}"))
}
