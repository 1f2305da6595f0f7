//! Which rules must be written so that all of them forward to one environment, and with which actions.

use crate::capacity::{Capacity, Need};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, Refusal};

/// What makes every rule forward to an environment.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleWrites {
    /// The rules that forward elsewhere, each with the actions to write. Empty where every rule forwards there already.
    Needed(Vec<LiveRule>),
    /// Fewer targets are healthy than a flip needs to begin, with the figures. More may become so.
    NotReady(Refusal),
    /// No rule may be written, and why.
    Refused(Refusal),
}

/// Decides which rules to write for a flip to `to`. Rules may forward to both environments, as a try that failed
/// between two of them left them.
pub fn rule_writes(
    rules: &[LiveRule],
    routing: &Routing,
    to: Environment,
    need: Need,
    capacity: &Capacity,
) -> RuleWrites {
    let writes = match routing.rewritten(rules, to) {
        Ok(writes) => writes,
        Err(refusal) => return RuleWrites::Refused(refusal),
    };
    let Capacity {
        healthy,
        registered,
        ..
    } = *capacity;
    match need {
        Need::All(wanted) if healthy < wanted => {
            let figures = format!("{healthy} of {wanted} wanted targets of {to} are healthy");
            RuleWrites::NotReady(format!("{figures} (registered: {registered})").into())
        }
        Need::OneOf(_) if healthy == 0 => {
            let refusal = format!("{to} has no healthy target (registered: {registered})");
            RuleWrites::Refused(refusal.into())
        }
        Need::All(_) | Need::OneOf(_) => RuleWrites::Needed(writes),
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
