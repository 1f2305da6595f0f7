//! What is known of the new image itself, and of what a sync does to the image that it replaces.

use super::checks::{ENDS_FLIP_BACK, IMAGE_MISSING, OLDER_THAN_CONTRACT, WRONG_ARCHITECTURE};
use super::evidence::{Evidence, Finding};
use crate::look::{Facts, platform};
use record::Phase;
use shared::{Digest, ReleasePlan, listed};

pub(super) fn findings(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Vec<Finding> {
    let findings = [
        older_than_contract(evidence, plan),
        wrong_architecture(facts, plan),
        unpullable(evidence, plan),
        ends_flip_back(evidence, plan),
    ];
    findings.into_iter().flatten().collect()
}

/// What ECR does not say is refused as well: nothing else says whether the image fits the schema.
fn older_than_contract(evidence: &Evidence<'_>, plan: &ReleasePlan) -> Option<Finding> {
    let contract = evidence.record.contract.as_ref()?;
    let (floor, digest) = (&contract.floor, &plan.image.digest);
    let pushed_at = match evidence.pushed_at(digest) {
        Some(at) if at > floor.pushed_at => return None,
        _ if *digest == floor.digest => return None,
        Some(at) => format!("pushed at {at}"),
        None => "pushed at an unknown time".to_owned(),
    };
    Some(OLDER_THAN_CONTRACT.finding(format!(
        "{digest} was {pushed_at}, not after the image of release {} ({}), to which contract {} belongs",
        floor.release, floor.pushed_at, contract.id
    )))
}

fn wrong_architecture(facts: &Facts, plan: &ReleasePlan) -> Option<Finding> {
    let wanted = &facts.wanted.as_ref().ok()?.definition;
    let platforms = match &facts.platforms {
        Ok(platforms) => platforms,
        Err(reason) => return Some(WRONG_ARCHITECTURE.unknown(&reason.0)),
    };
    let Some(expected) = platform(wanted) else {
        let reason = "the task definition names no runtimePlatform, so its instances decide";
        return Some(WRONG_ARCHITECTURE.unknown(reason));
    };
    (!platforms.contains(&expected)).then(|| {
        WRONG_ARCHITECTURE.finding(format!(
            "{} is built for {}, the task definition asks for {expected}",
            plan.image.digest,
            listed(platforms, " and ")
        ))
    })
}

/// A sync would give the flip back up for an image that no task can be started from.
fn unpullable(evidence: &Evidence<'_>, plan: &ReleasePlan) -> Option<Finding> {
    let known = evidence.push_times.as_ref().ok().filter(|_| plan.sync)?;
    let digest = &plan.image.digest;
    let found = format!("the live image {digest} is not in the repository, or is archived");
    (!known.contains_key(digest)).then(|| IMAGE_MISSING.refusal(found))
}

fn ends_flip_back(evidence: &Evidence<'_>, plan: &ReleasePlan) -> Option<Finding> {
    let release = evidence.record.release.as_ref().filter(|it| {
        plan.sync && it.from == plan.to && matches!(it.phase, Phase::Stable | Phase::Watching)
    })?;
    let previous = release.from_digest.as_ref();
    let previous = previous.map_or("the version before", Digest::as_str);
    let found = format!("traffic cannot be flipped back to {previous} after this");
    Some(ENDS_FLIP_BACK.finding(found))
}
