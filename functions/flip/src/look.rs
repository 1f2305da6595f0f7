//! One look at rules and targets, and what it means for a flip.

use crate::capacity::{Capacity, Need, Targets};
use crate::decide::{RuleWrites, rule_writes};
use shared::routing::{LiveRule, Routing, original_forwards};
use shared::targets::TargetHealth;
use shared::{Environment, OriginalForward, Splits, Traffic};

/// Rules and targets as AWS answered, before anybody knows what they mean.
pub(crate) struct Look {
    pub(crate) rules: Vec<LiveRule>,
    /// The environment that is to get the traffic, or a larger share of it.
    pub(crate) to: Environment,
    /// The targets of that environment.
    pub(crate) receiving: Vec<TargetHealth>,
    /// Those of the other one; empty where they were not asked for.
    pub(crate) previous: Vec<TargetHealth>,
}

/// What was observed before a decision about the rules, and the decision.
pub(crate) struct Snapshot {
    pub(crate) writes: RuleWrites,
    pub(crate) targets: Targets,
    /// The forwards of the rules as they were.
    pub(crate) original_forwards: Vec<OriginalForward>,
}

impl Snapshot {
    /// The rules to write; none where none may be written.
    pub(crate) fn needed(&self) -> Option<&[LiveRule]> {
        match &self.writes {
            RuleWrites::Needed(writes) => Some(writes),
            RuleWrites::NotReady(_) | RuleWrites::Refused(_) => None,
        }
    }
}

impl Look {
    /// What makes every rule send traffic as `traffic` says, to the environment of this look. Targets that were not asked
    /// for count as none.
    pub(crate) fn snapshot(
        &self,
        routing: &Routing,
        traffic: Traffic,
        splits: &[Splits<'_>],
        need: Need,
    ) -> Snapshot {
        let previous = |wanted| Capacity::of(&self.previous, wanted);
        let targets = Targets {
            receiving: Capacity::of(&self.receiving, need.wanted()),
            previous: need.wanted_of_previous().map(previous),
        };
        Snapshot {
            writes: rule_writes(&self.rules, routing, traffic, splits, need, &targets),
            targets,
            original_forwards: original_forwards(&self.rules),
        }
    }
}
