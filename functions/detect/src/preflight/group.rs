//! What the load balancer does: stickiness, health checks that prove little, draining, and alarms that are on.

use super::checks::{
    ALARM_ON, DEREGISTRATION_DELAY, GROUP_STICKINESS, HEALTH_MATCHER, HEALTH_PATH,
    SLOW_HEALTH_CHECK, TARGET_STICKINESS,
};
use super::{Finding, Seen, Severity};
use crate::facts::{Attributes, Facts};
use crate::world::FoundSide;
use shared::alarms::Cleared;
use shared::{Environment, Plan};

/// A target that fails its checks should be out within this.
const SLOW_SECONDS: i32 = 120;

/// AWS's default is 300 s; a deployment waits for it once for each batch of tasks.
const LONG_DELAY_SECONDS: u32 = 300;

pub fn findings(seen: &Seen<'_>, facts: &Facts, plan: &Plan) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !plan.sync {
        findings.extend(sticky_rules(seen));
    }
    for environment in Environment::BOTH {
        let side = seen.found.sides.get(environment);
        findings.extend(health(environment, side));
        match facts.attributes.get(environment) {
            Ok(attributes) => findings.extend(by_attributes(environment, attributes)),
            Err(reason) => findings.push(Finding::unknown(TARGET_STICKINESS, reason)),
        }
    }
    // A sync never flips, so no alarm has to tell of it.
    if !plan.sync {
        findings.extend(alarms(facts, plan));
    }
    findings
}

fn sticky_rules(seen: &Seen<'_>) -> Vec<Finding> {
    let sticky = seen.found.rules.iter().filter(|rule| {
        let forwards = rule.actions.iter().filter_map(|it| it.forward_config());
        // A cookie for a group that is no longer in the rule means nothing: with one group alone everybody moves.
        let forwards = forwards.filter(|it| it.target_groups().len() > 1);
        let mut stickiness = forwards.filter_map(|it| it.target_group_stickiness_config());
        stickiness.any(|it| it.enabled() == Some(true))
    });
    sticky
        .map(|rule| Finding::new(GROUP_STICKINESS, format!("{} has it enabled", rule.arn)))
        .collect()
}

fn health(environment: Environment, side: &FoundSide) -> Vec<Finding> {
    let Some(group) = &side.group else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if group.health_check_path() == Some("/") {
        let found = format!("{environment}'s health check asks /");
        findings.push(Finding::new(HEALTH_PATH, found));
    }
    let accepts = group.matcher().and_then(|it| it.http_code());
    if let Some(codes) = accepts.filter(|codes| accepts_more(codes)) {
        let found = format!("{environment}'s health check accepts {codes}");
        findings.push(Finding::new(HEALTH_MATCHER, found));
    }
    let interval = group.health_check_interval_seconds().unwrap_or_default();
    let failures = group.unhealthy_threshold_count().unwrap_or_default();
    if interval.saturating_mul(failures) > SLOW_SECONDS {
        let found = format!(
            "{environment}: {failures} failures of one check each {interval} s > {SLOW_SECONDS} s"
        );
        findings.push(Finding::new(SLOW_HEALTH_CHECK, found));
    }
    findings
}

/// Whether a matcher takes more than 2xx: `200`, `200,302` or `200-399` (ELBv2 API reference, Matcher).
fn accepts_more(codes: &str) -> bool {
    let ends = codes.split(',').map(|part| part.rsplit('-').next());
    let mut ends = ends.filter_map(|end| end?.trim().parse::<u16>().ok());
    ends.any(|end| end >= 300)
}

fn by_attributes(environment: Environment, attributes: &Attributes) -> Vec<Finding> {
    let mut findings = Vec::new();
    if attributes.sticky {
        let found = format!("{environment}'s target group has stickiness enabled");
        findings.push(Finding::new(TARGET_STICKINESS, found));
    }
    let delay = attributes.deregistration_seconds;
    if let Some(delay) = delay.filter(|it| *it == 0 || *it >= LONG_DELAY_SECONDS) {
        let found = format!("{environment}'s target group waits {delay} s for requests in flight");
        findings.push(Finding::new(DEREGISTRATION_DELAY, found));
    }
    findings
}

/// The same judgement as right before the flip, where it stands once more: an alarm may go off in between.
fn alarms(facts: &Facts, plan: &Plan) -> Vec<Finding> {
    if let Some(missing) = &facts.missing_alarm {
        let missing = Finding::new(ALARM_ON, missing.clone());
        let severity = Severity::Refusal;
        return vec![Finding {
            severity,
            ..missing
        }];
    }
    let alarms = match &facts.alarms {
        Ok(alarms) => alarms,
        Err(reason) => return vec![Finding::unknown(ALARM_ON, reason)],
    };
    let clearance = facts.judge.clear(alarms, plan.to);
    if clearance.decision == Cleared::Refuse {
        let refusal = Finding::new(ALARM_ON, clearance.reason);
        let severity = Severity::Refusal;
        return vec![Finding {
            severity,
            ..refusal
        }];
    }
    let warnings = clearance.warnings.into_iter();
    warnings.map(|it| Finding::new(ALARM_ON, it)).collect()
}

#[cfg(test)]
mod tests {
    use super::accepts_more;

    #[test]
    fn a_matcher_that_takes_redirects_or_client_errors_proves_little() {
        for (codes, expect) in [
            ("200", false),
            ("200-299", false),
            ("200,204", false),
            ("200-399", true),
            ("200,302", true),
            ("200-499", true),
            ("404", true),
        ] {
            assert_eq!(accepts_more(codes), expect, "{codes}");
        }
    }
}
