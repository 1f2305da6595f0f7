//! How far the environments are from what the pipeline left there.

use super::checks::{IDLE_DRIFTED, IMAGE_MISSING, LOST_CAPACITY, RULE_MOVED};
use super::evidence::{Evidence, Finding};
use record::{Phase, Release};
use shared::{Digest, Environment, listed};

pub(crate) fn drift(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = missing_images(evidence);
    let release = evidence.record.release.as_ref();
    // While an execution holds the record the environments are meant to differ from what was left there.
    if let (Ok(active), None) = (&evidence.snapshot.active, &evidence.record.holder) {
        let idle = active.other();
        findings.extend(idle_drifted(evidence, release, idle));
        findings.extend(release.and_then(|it| lost_capacity(evidence, it, idle)));
        findings.extend(release.and_then(|it| rule_moved(it, *active)));
    }
    findings
}

/// Idle holds another image or revision than the release before left there, or than what is live.
fn idle_drifted(
    evidence: &Evidence<'_>,
    release: Option<&Release>,
    idle: Environment,
) -> Option<Finding> {
    let observation = evidence.environment(idle);
    let expected = expected_images(evidence, release, idle);
    let names = listed(expected.iter().map(|it| it.as_str()), " or ");
    let found = match observation.digests.as_slice() {
        _ if expected.is_empty() => return None,
        [digest] if expected.contains(&digest) => other_revision(evidence, release?, idle)?,
        [digest] => format!("runs {digest}{}, expected {names}", age(evidence, digest)),
        [] => format!("runs no task, expected {names}"),
        several => {
            let several = listed(several.iter().map(Digest::as_str), ", ");
            format!("runs [{several}], expected {names}")
        }
    };
    let left_by = release
        .filter(|it| it.to == idle && observation.digest() == Some(&it.to_digest))
        .map(|it| format!("; release {} left it there and is {}", it.id, it.phase))
        .unwrap_or_default();
    Some(IDLE_DRIFTED.finding(format!("{idle} {found}{left_by}")))
}

/// The images that idle may run: after a stable release what was live before it; after one that failed before it
/// deployed, what idle ran before it; else what is live now.
fn expected_images<'a>(
    evidence: &'a Evidence<'_>,
    release: Option<&'a Release>,
    idle: Environment,
) -> Vec<&'a Digest> {
    let live = evidence.environment(idle.other()).digest();
    let images = match release {
        Some(it) if stable_away_from(it, idle) => [it.from_digest.as_ref(), None],
        Some(it) if it.phase == Phase::Failed && it.to == idle => [live, it.idle_digest.as_ref()],
        Some(_) | None => [live, None],
    };
    images.into_iter().flatten().collect()
}

fn stable_away_from(release: &Release, idle: Environment) -> bool {
    release.phase == Phase::Stable && release.to != idle
}

/// The same image in another revision than the one that was live before the release.
fn other_revision(evidence: &Evidence<'_>, release: &Release, idle: Environment) -> Option<String> {
    let expected = release.from_task_definition.as_deref()?;
    let service = evidence.environment(idle).service.as_ref()?;
    let runs = service.task_definition()?;
    let differs = stable_away_from(release, idle) && runs != expected;
    differs.then(|| format!("runs revision {runs}, expected {expected}"))
}

fn age(evidence: &Evidence<'_>, digest: &Digest) -> String {
    let pushed_at = evidence.pushed_at(digest);
    pushed_at.map_or_else(String::new, |at| {
        let days = (evidence.now - at).num_days();
        format!(" (pushed {at}, {days} days ago)")
    })
}

/// Images that run somewhere and are in the repository no more.
fn missing_images(evidence: &Evidence<'_>) -> Vec<Finding> {
    let known = match evidence.push_times {
        Ok(known) => known,
        Err(reason) => return vec![IMAGE_MISSING.unknown(&reason.0)],
    };
    let mut findings = Vec::new();
    for environment in Environment::BOTH {
        let digests = evidence.environment(environment).digests.iter();
        findings.extend(digests.filter(|it| !known.contains_key(*it)).map(|digest| {
            IMAGE_MISSING.finding(format!(
                "{environment} runs {digest}, which the repository does not have, or has archived"
            ))
        }));
    }
    findings
}

/// Since the flip the previous environment has lost tasks that it had.
fn lost_capacity(evidence: &Evidence<'_>, release: &Release, idle: Environment) -> Option<Finding> {
    let service = evidence.environment(idle).service.as_ref();
    let running = service.map_or(0, |service| service.running_count());
    let lost = stable_away_from(release, idle) && running < release.from_desired;
    lost.then(|| {
        LOST_CAPACITY.finding(format!(
            "{idle} runs {running} tasks < {} at the flip of release {}",
            release.from_desired, release.id
        ))
    })
}

/// A release that has ended says where the rules should forward to.
fn rule_moved(release: &Release, active: Environment) -> Option<Finding> {
    let expected = release.expected_active();
    (release.phase.is_terminal() && expected != active).then(|| {
        RULE_MOVED.finding(format!(
            "the rules forward to {active}, and release {} ({}) left them on {expected}",
            release.id, release.phase
        ))
    })
}
