//! Reads where the service's rules send traffic. The live rule alone says which environment is active.

mod live;
mod original;
mod rewrite;
mod rule_arns;
#[cfg(test)]
mod sample_rules;
mod split;

pub use live::{LiveRule, forward_targets, live_rules};
pub use original::original_forwards;
pub use rule_arns::MOST_RULES;

use crate::config::Settings;
use crate::{Environment, Error, PerEnvironment, Refusal};

/// The rules that carry the service, and the target group of each environment.
#[derive(Clone, Debug)]
pub struct Routing {
    /// ARNs of listener rules, or of listeners whose default action it is.
    pub rule_arns: Vec<String>,
    pub target_groups: PerEnvironment<String>,
}

impl Routing {
    /// Reads `RULE_ARNS` (as ARNs, or as `template.yaml` shortens them), `BLUE_TARGET_GROUP_ARN` and
    /// `GREEN_TARGET_GROUP_ARN`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing.
    pub fn read<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) -> Result<Routing, Error> {
        Ok(Routing {
            rule_arns: rule_arns::rule_arns(settings.list("RULE_ARNS")?)?,
            target_groups: settings.per_environment("TARGET_GROUP_ARN")?,
        })
    }

    /// The environment that gets all traffic of every rule.
    ///
    /// # Errors
    /// Says which rules forward elsewhere, or split traffic.
    pub fn active_environment(&self, rules: &[LiveRule]) -> Result<Environment, Refusal> {
        let (first, others) = rules.split_first().ok_or("no rule was found")?;
        let active = self.environment_of(first)?;
        for rule in others {
            let environment = self.environment_of(rule)?;
            if environment != active {
                return Err(Refusal::from(format!(
                    "the rules disagree: {} forwards to {active}, {} forwards to {environment}. \
                     Make them forward to the same environment.",
                    first.arn, rule.arn
                )));
            }
        }
        Ok(active)
    }

    /// The environment that gets all traffic of one rule.
    ///
    /// # Errors
    /// Says what the rule forwards to instead.
    pub fn environment_of(&self, rule: &LiveRule) -> Result<Environment, Refusal> {
        let arn = &rule.arn;
        match self.receiving(rule)?.as_slice() {
            [] => Err(format!("{arn} forwards to neither blue nor green").into()),
            [(environment, _)] => Ok(*environment),
            [(a, x), (b, y), ..] => Err(Refusal::from(format!(
                "{arn} splits traffic: {a} has weight {x}, {b} has weight {y}. Give one of them all of the weight."
            ))),
        }
    }

    /// The environments that get traffic of one rule, each with its weight.
    fn receiving(&self, rule: &LiveRule) -> Result<Vec<(Environment, i32)>, Refusal> {
        let arn = &rule.arn;
        let mut receiving = Vec::new();
        for (group, weight) in forward_targets(&rule.actions) {
            let environment = self.target_groups.find(|arn| *arn == group).ok_or_else(|| {
                format!(
                    "{arn} forwards to {group} (weight {weight}), which is neither blue's nor green's target group"
                )
            })?;
            if weight > 0 {
                receiving.push((environment, weight));
            }
        }
        Ok(receiving)
    }
}

#[cfg(test)]
#[path = "routing_tests.rs"]
mod tests;
