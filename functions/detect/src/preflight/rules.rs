//! What the rules are: those that a flip changes, and those beside them that forward to the same target groups.

use super::checks::{DEFAULT_RULE, GROUP_STICKINESS, UNLISTED_RULE};
use super::evidence::{Evidence, Finding};
use super::policy::PreflightPolicy;
use crate::look::{Facts, ListenerRule};
use aws_sdk_elasticloadbalancingv2::types::ForwardActionConfig;
use shared::routing::forward_targets;
use shared::{Environment, ReleasePlan};

pub(super) fn findings(
    evidence: &Evidence<'_>,
    facts: &Facts,
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    // That they could not be looked up, `attachment` says.
    let rules = facts.listener_rules.as_deref().unwrap_or_default();
    let mut findings = forgotten(evidence, rules, policy);
    // A sync never flips, so it writes no rule, and no cookie matters to it.
    if !plan.sync {
        findings.extend(default_rules(evidence, rules));
        findings.extend(sticky_rules(evidence, plan));
    }
    findings
}

/// The rules and default actions that no flip changes, but for those that follow it to the idle environment.
pub(super) fn unlisted<'a>(
    evidence: &'a Evidence<'_>,
    rules: &'a [ListenerRule],
) -> impl Iterator<Item = &'a ListenerRule> {
    let listed = &evidence.routing.rule_arns;
    let is_listed = |rule: &&ListenerRule| listed.iter().any(|arn| rule.has_arn(arn));
    rules.iter().filter(move |rule| !is_listed(rule))
}

/// Those of them that forward to an environment, and that nobody meant to leave there. `preview_rules` names rules, or
/// listeners with all of their rules; `idle_rules` names those that follow.
fn forgotten(
    evidence: &Evidence<'_>,
    rules: &[ListenerRule],
    policy: &PreflightPolicy,
) -> Vec<Finding> {
    let groups = &evidence.routing.target_groups;
    let is_preview = |rule: &&ListenerRule| {
        let mut named = policy.preview_rules.iter();
        named.any(|arn| rule.has_arn(arn) || *arn == rule.listener)
    };
    let others = unlisted(evidence, rules).filter(|it| !is_preview(it) && !policy.follows(it));
    let findings = others.filter_map(|it| {
        let targets = forward_targets(&it.rule.actions);
        let on = |environment: &Environment| {
            let group = groups.get(*environment);
            targets.iter().any(|(arn, _)| arn == group)
        };
        let environments: Vec<_> = Environment::BOTH.into_iter().filter(on).collect();
        let names: Vec<_> = environments.iter().map(|it| it.name()).collect();
        let (rule, name) = (&it.rule.arn, &it.name);
        let found = format!(
            "on listener {name}, {rule} forwards to {} and is not in ListenerRuleArns",
            names.join(" and ")
        );
        (!names.is_empty()).then(|| UNLISTED_RULE.finding(found))
    });
    findings.collect()
}

fn default_rules(evidence: &Evidence<'_>, rules: &[ListenerRule]) -> Vec<Finding> {
    let listed = evidence.routing.rule_arns.iter();
    let findings = listed.filter_map(|arn| {
        let mut rules = rules.iter();
        let rule = rules.find(|it| it.default_rule.as_ref() == Some(arn))?;
        Some(DEFAULT_RULE.finding(format!(
            "{arn} is the default rule of listener {}, expected {}",
            rule.name, rule.listener
        )))
    });
    findings.collect()
}

fn sticky_rules(evidence: &Evidence<'_>, plan: &ReleasePlan) -> Vec<Finding> {
    // A share below all of the traffic makes two groups of any forward, and keeps its stickiness.
    let becomes_split = plan.steps.iter().any(|step| !step.share.is_all());
    let sticky = evidence.snapshot.rules.iter().filter(|rule| {
        let forwards = rule.actions.iter().filter_map(|it| it.forward_config());
        // A cookie for a group that is no longer in the rule means nothing: with one group alone everybody moves.
        let is_split =
            |forward: &&ForwardActionConfig| becomes_split || forward.target_groups().len() > 1;
        let split = forwards.filter(is_split);
        let mut stickiness = split.filter_map(|forward| forward.target_group_stickiness_config());
        stickiness.any(|it| it.enabled() == Some(true))
    });
    sticky
        .map(|rule| GROUP_STICKINESS.finding(format!("{} has it enabled", rule.arn)))
        .collect()
}
