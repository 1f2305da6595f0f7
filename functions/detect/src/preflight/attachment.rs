//! Whether the load balancer checks both target groups: now, and after the flip.

use super::checks::{NO_FLIP_BACK, TWO_LOAD_BALANCERS};
use super::evidence::{Evidence, Finding};
use super::policy::PreflightPolicy;
use super::rules::unlisted;
use crate::look::{Facts, ListenerRule};
use record::Phase;
use shared::routing::{LiveRule, forward_targets};
use shared::{Environment, ReleasePlan, Traffic};

pub(super) fn findings(
    evidence: &Evidence<'_>,
    facts: &Facts,
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Vec<Finding> {
    let rules = facts.listener_rules.as_deref();
    let mut findings = Vec::new();
    for environment in Environment::BOTH {
        findings.extend(unused_now(evidence, rules.ok(), policy, environment));
    }
    if let Err(reason) = &facts.listener_rules {
        findings.push(NO_FLIP_BACK.unknown(&reason.0));
    }
    // A sync never flips.
    if !plan.sync {
        let after = rules.ok();
        findings.extend(after.and_then(|it| unused_after(evidence, it, policy, plan)));
        findings.extend(two_load_balancers(evidence));
    }
    findings
}

/// `rules` is none where they could not be looked up: what the group and its targets show is enough to refuse.
fn unused_now(
    evidence: &Evidence<'_>,
    rules: Option<&[ListenerRule]>,
    policy: &PreflightPolicy,
    environment: Environment,
) -> Option<Finding> {
    let observation = evidence.environment(environment);
    let (group, arn) = (observation.group.as_ref(), &observation.target_group);
    let is_attached = group.is_some_and(|group| !group.load_balancer_arns().is_empty());
    let is_on_a_rule = rules.is_none_or(|rules| rules.iter().any(|it| forwards_to(&it.rule, arn)));
    if !(is_attached && is_on_a_rule) {
        let behind = rules.and_then(|it| left_behind(evidence, it, policy, arn));
        let behind = behind.unwrap_or_default();
        let found = format!("{environment}'s target group {arn} is on no rule (unused){behind}");
        return Some(NO_FLIP_BACK.finding(found));
    }
    let mut targets = observation.targets.iter();
    targets.any(|target| target.is_not_in_use()).then(|| {
        NO_FLIP_BACK.finding(format!(
            "{environment}'s target group {arn} has targets that are not in use (unused): no rule forwards to it, \
             or the load balancer is not enabled in their Availability Zone"
        ))
    })
}

/// The rule that was to follow a flip to this group and has not, with what lets it follow after a flip back. After a flip
/// forward nothing does: a rollback would move the traffic.
fn left_behind(
    evidence: &Evidence<'_>,
    rules: &[ListenerRule],
    policy: &PreflightPolicy,
    group: &str,
) -> Option<String> {
    let mut behind = rules.iter().filter(|it| policy.follows(it));
    let arn = &behind.find(|it| !forwards_to(&it.rule, group))?.rule.arn;
    let release = evidence.record.release.as_ref();
    let is_back = release.is_some_and(|it| it.phase == Phase::RolledBack);
    let again = if is_back {
        ": {\"action\": \"rollback\"} again lets it follow"
    } else {
        ""
    };
    Some(format!(
        ", and {arn} (IdleRuleArns) has not followed{again}"
    ))
}

/// Applies the flip to the listed rules. A group in a weighted forward is on the rule at weight 0 too.
///
/// A rule that follows the flip has the group of the previous environment only afterwards, and by its best effort: until
/// then nobody would check that group. So it counts if it has both groups, which it exchanges.
fn unused_after(
    evidence: &Evidence<'_>,
    rules: &[ListenerRule],
    policy: &PreflightPolicy,
    plan: &ReleasePlan,
) -> Option<Finding> {
    let listed = &evidence.snapshot.rules;
    // Each of them forwards to the active environment, so each can be rewritten.
    let all = Traffic::all(plan.to);
    let flipped = evidence.routing.rewritten(listed, all, &[]).ok()?;
    let [group, new_group] = [plan.from, plan.to].map(|it| &evidence.environment(it).target_group);
    let stays = |it: &&ListenerRule| !policy.follows(it) || forwards_to(&it.rule, new_group);
    let others = unlisted(evidence, rules).filter(stays).map(|it| &it.rule);
    let mut after = flipped.iter().chain(others);
    if after.any(|rule| forwards_to(rule, group)) {
        return None;
    }
    let flips = listed.iter().map(|rule| rule.arn.as_str());
    Some(NO_FLIP_BACK.finding(format!(
        "after the flip {}'s target group {group} would be on no rule: nothing but what is flipped forwards to it ({})",
        plan.from,
        shared::listed(flips, ", ")
    )))
}

fn forwards_to(rule: &LiveRule, group: &str) -> bool {
    let targets = forward_targets(&rule.actions);
    targets.iter().any(|(arn, _)| arn == group)
}

/// ELBv2 answers TargetGroupAssociationLimit to a rule that would put a group on a second load balancer.
fn two_load_balancers(evidence: &Evidence<'_>) -> Option<Finding> {
    let of = |environment| {
        let group = evidence.environment(environment).group.as_ref();
        group.map_or(&[][..], |group| group.load_balancer_arns())
    };
    let (blue, green) = (of(Environment::Blue), of(Environment::Green));
    let (first, second) = (blue.first()?, green.first()?);
    let apart = !blue.iter().any(|arn| green.contains(arn));
    apart.then(|| {
        TWO_LOAD_BALANCERS.finding(format!(
            "blue's target group is on {first}, green's on {second}"
        ))
    })
}
