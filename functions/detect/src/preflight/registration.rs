//! Where the services register their tasks.

use super::checks::{IN_BOTH_GROUPS, OTHER_GROUP};
use super::evidence::{Evidence, Finding};
use shared::targets::TargetHealth;
use shared::{Environment, listed};

pub(super) fn findings(evidence: &Evidence<'_>) -> Vec<Finding> {
    let services = Environment::BOTH.map(|environment| of_service(evidence, environment));
    let mut findings: Vec<_> = services.into_iter().flatten().collect();
    // A service in both groups explains what is registered there.
    if findings.is_empty() {
        findings.extend(by_hand(evidence));
    }
    findings
}

/// Targets that are in both groups although no service registers them there. Each port of an instance is a target.
fn by_hand(evidence: &Evidence<'_>) -> Option<Finding> {
    let [blue, green] = Environment::BOTH.map(|environment| evidence.environment(environment));
    let staying = |it: &&TargetHealth| !it.is_draining();
    let in_green: Vec<_> = green.targets.iter().filter(staying).collect();
    let in_both = blue.targets.iter().filter(staying);
    let in_both = in_both.filter(|one| in_green.iter().any(|other| other.target == one.target));
    let in_both: Vec<_> = in_both.map(|it| it.target.address()).collect();
    let (one, other) = (&blue.target_group, &green.target_group);
    (one != other && !in_both.is_empty()).then(|| {
        let targets = listed(&in_both, ", ");
        IN_BOTH_GROUPS.finding(format!("{one} and {other} both have the targets {targets}"))
    })
}

fn of_service(evidence: &Evidence<'_>, environment: Environment) -> Option<Finding> {
    let observation = evidence.environment(environment);
    let service = observation.service.as_ref()?;
    let balancers = service.load_balancers().iter();
    let groups: Vec<_> = balancers.filter_map(|it| it.target_group_arn()).collect();
    let name = &observation.name.service;
    let own = observation.target_group.as_str();
    let other = evidence.environment(environment.other());
    let other = other.target_group.as_str();
    if !groups.contains(&own) {
        let groups = listed(groups, ", ");
        return Some(OTHER_GROUP.finding(format!(
            "{environment}'s service {name} registers its tasks in [{groups}], expected {own}"
        )));
    }
    (own != other && groups.contains(&other)).then(|| {
        IN_BOTH_GROUPS.finding(format!(
            "{environment}'s service {name} registers its tasks in {own} and in {other}"
        ))
    })
}
