//! What flip reads of rules and targets in one look.

use crate::premise::Rules;
use shared::Environment;

/// Rules and targets as they were at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    pub rules: Rules,
    /// In the order of the environments.
    pub targets: [Targets; 2],
}

/// The targets of an environment, and how many its service wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Targets {
    pub healthy: u8,
    pub wants: u8,
}

impl Look {
    pub fn targets(&self, of: Environment) -> Targets {
        self.targets[of as usize]
    }
}
