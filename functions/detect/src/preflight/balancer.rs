//! What the target groups do: stickiness, health checks that prove little, draining; and alarms that are on.

use super::checks::{
    ALARM_ON, DEREGISTRATION_DELAY, HEALTH_MATCHER, HEALTH_PATH, SLOW_HEALTH_CHECK,
    TARGET_STICKINESS,
};
use super::evidence::{Evidence, Finding};
use super::rollback_alarm;
use crate::look::{Attributes, EnvironmentObservation, Facts};
use shared::alarms::PreFlipDecision;
use shared::{Environment, ReleasePlan};

/// A target that fails its checks should be out within this.
const SLOW_SECONDS: i32 = 120;

/// AWS's default is 300 s; a deployment waits for it once for each batch of tasks.
const LONG_DELAY_SECONDS: u32 = 300;

pub(super) fn findings(evidence: &Evidence<'_>, facts: &Facts, plan: &ReleasePlan) -> Vec<Finding> {
    let mut findings = Vec::new();
    for environment in Environment::BOTH {
        let observation = evidence.environment(environment);
        findings.extend(health_check(environment, observation));
        match facts.attributes.get(environment) {
            Ok(attributes) => findings.extend(by_attributes(environment, attributes)),
            Err(reason) => findings.push(TARGET_STICKINESS.unknown(&reason.0)),
        }
    }
    // A sync never flips, so no alarm matters to it.
    if !plan.sync {
        findings.extend(alarms(facts));
        findings.extend(rollback_alarm::findings(facts));
    }
    findings
}

fn health_check(environment: Environment, observation: &EnvironmentObservation) -> Vec<Finding> {
    let Some(group) = &observation.group else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    if group.health_check_path() == Some("/") {
        let found = format!("{environment}'s health check requests /");
        findings.push(HEALTH_PATH.finding(found));
    }
    let accepted = group.matcher().and_then(|matcher| matcher.http_code());
    if let Some(codes) = accepted.filter(|codes| accepts_more_than_2xx(codes)) {
        let found = format!("{environment}'s health check accepts {codes}");
        findings.push(HEALTH_MATCHER.finding(found));
    }
    let interval = group.health_check_interval_seconds().unwrap_or_default();
    let failures = group.unhealthy_threshold_count().unwrap_or_default();
    if interval.saturating_mul(failures) > SLOW_SECONDS {
        let found = format!(
            "{environment}: {failures} failures of one check each {interval} s > {SLOW_SECONDS} s"
        );
        findings.push(SLOW_HEALTH_CHECK.finding(found));
    }
    findings
}

/// `200`, `200,302` or `200-399` (ELBv2 API reference, Matcher).
fn accepts_more_than_2xx(codes: &str) -> bool {
    let ends = codes.split(',').map(|part| part.rsplit('-').next());
    let mut ends = ends.filter_map(|end| end?.trim().parse::<u16>().ok());
    ends.any(|end| end >= 300)
}

fn by_attributes(environment: Environment, attributes: &Attributes) -> Vec<Finding> {
    let mut findings = Vec::new();
    if attributes.sticky {
        let found = format!("{environment}'s target group has stickiness enabled");
        findings.push(TARGET_STICKINESS.finding(found));
    }
    let delay = attributes.deregistration_seconds;
    if let Some(delay) = delay.filter(|it| *it == 0 || *it >= LONG_DELAY_SECONDS) {
        let found = format!("{environment}'s target group waits {delay} s for requests in flight");
        findings.push(DEREGISTRATION_DELAY.finding(found));
    }
    findings
}

/// The same judgement is made once more right before the flip: an alarm may go off in between.
fn alarms(facts: &Facts) -> Vec<Finding> {
    match &facts.alarms {
        Ok(check) if check.decision == PreFlipDecision::Refuse => {
            vec![ALARM_ON.refusal(check.reason.clone())]
        }
        Ok(check) => {
            let warnings = check.warnings.iter();
            warnings.map(|it| ALARM_ON.finding(it.clone())).collect()
        }
        Err(reason) => vec![ALARM_ON.unknown(&reason.0)],
    }
}

#[cfg(test)]
mod tests {
    use super::accepts_more_than_2xx;

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
            assert_eq!(accepts_more_than_2xx(codes), expect, "{codes}");
        }
    }
}
