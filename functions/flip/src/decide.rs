//! Which rules must be written so that all of them send traffic where a release wants it, and with which actions.

use crate::capacity::{Capacity, Need, Targets};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, Refusal, Splits, Traffic};

/// What makes every rule send traffic where it belongs.
#[derive(Clone, Debug, PartialEq)]
pub enum RuleWrites {
    /// The rules that send it elsewhere, each with the actions to write. Empty where every rule is right already.
    Needed(Vec<LiveRule>),
    /// Fewer targets are healthy than a flip needs to begin, with the figures. More may become so.
    NotReady(Refusal),
    /// No rule may be written, and why.
    Refused(Refusal),
}

/// Decides which rules to write for a flip to `traffic`. Rules may differ, as a try that failed between two of them left
/// them: each may forward to either environment, or be split in one of these ways.
pub fn rule_writes(
    rules: &[LiveRule],
    routing: &Routing,
    traffic: Traffic,
    splits: &[Splits<'_>],
    need: Need,
    targets: &Targets,
) -> RuleWrites {
    let writes = match routing.rewritten(rules, traffic, splits) {
        Ok(writes) => writes,
        Err(refusal) => return RuleWrites::Refused(refusal),
    };
    let Targets {
        receiving,
        previous,
    } = targets;
    let to = traffic.to;
    match need {
        Need::All { .. } => {
            let previous = previous.as_ref();
            let previous = || previous.and_then(|it| not_ready(to.other(), it));
            let refusal = not_ready(to, receiving).or_else(previous);
            refusal.map_or(RuleWrites::Needed(writes), RuleWrites::NotReady)
        }
        Need::OneOf(_) if receiving.healthy == 0 => {
            let registered = receiving.registered;
            let refusal = format!("{to} has no healthy target (registered: {registered})");
            RuleWrites::Refused(refusal.into())
        }
        Need::OneOf(_) => RuleWrites::Needed(writes),
    }
}

/// Why a flip does not begin with these targets; none where it may.
fn not_ready(environment: Environment, targets: &Capacity) -> Option<Refusal> {
    let Capacity {
        healthy,
        registered,
        wanted,
    } = targets;
    let figures = format!("{healthy} of {wanted} wanted targets of {environment} are healthy");
    let refusal = format!("{figures} (registered: {registered})");
    (healthy < wanted).then(|| refusal.into())
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
