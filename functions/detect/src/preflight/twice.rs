//! What the stack's parameters name twice.

use super::checks::SAME_TWICE;
use super::evidence::{Evidence, Finding};
use super::policy::PreflightPolicy;
use shared::base_url;
use shared::ecs::ServiceName;
use std::collections::BTreeSet;

pub(super) fn findings(evidence: &Evidence<'_>, policy: &PreflightPolicy) -> Vec<Finding> {
    let mut found = shared_by_both(evidence, policy);
    let listed = &evidence.routing.rule_arns;
    let mut once = BTreeSet::new();
    let twice: BTreeSet<_> = listed.iter().filter(|arn| !once.insert(*arn)).collect();
    found.extend(
        twice
            .into_iter()
            .map(|arn| format!("ListenerRuleArns lists {arn} twice")),
    );
    let fixed = once
        .into_iter()
        .filter(|arn| policy.preview_rules.contains(arn));
    found.extend(fixed.map(|arn| {
        format!("{arn} is in ListenerRuleArns, so a flip changes it, and in PreviewRuleArns")
    }));
    found.extend(also_following(listed, policy));
    found.into_iter().map(|it| SAME_TWICE.finding(it)).collect()
}

/// A rule that follows a flip inversely is neither flipped nor left alone.
fn also_following(listed: &[String], policy: &PreflightPolicy) -> Vec<String> {
    let parameters = [
        ("ListenerRuleArns", listed),
        ("PreviewRuleArns", &policy.preview_rules),
    ];
    let mut found = Vec::new();
    for (parameter, arns) in parameters {
        let both = policy.idle_rules.iter().filter(|arn| arns.contains(arn));
        found.extend(both.map(|arn| format!("{arn} is in {parameter} and in IdleRuleArns")));
    }
    found
}

/// What must be another one in blue than in green.
fn shared_by_both(evidence: &Evidence<'_>, policy: &PreflightPolicy) -> Vec<String> {
    let mut found = Vec::new();
    let groups = &evidence.routing.target_groups;
    if groups.blue == groups.green {
        found.push(format!(
            "blue and green have the target group {}",
            groups.blue
        ));
    }
    let environments = &evidence.snapshot.environments;
    let ServiceName { cluster, service } = &environments.blue.name;
    if environments.blue.name == environments.green.name {
        found.push(format!(
            "blue and green have the service {cluster}/{service}"
        ));
    }
    let urls = &policy.base_urls;
    if let (Some(blue), Some(green)) = (&urls.blue, &urls.green)
        && blue.trim_end_matches('/') == green.trim_end_matches('/')
    {
        // One that holds a password is not shown.
        let url = base_url(blue).unwrap_or("that is in both parameters");
        found.push(format!("blue and green have the base URL {url}"));
    }
    found
}
