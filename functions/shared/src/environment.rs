//! Blue and green: the two environments, and a pair of things with one for each.

use serde::{Deserialize, Serialize};

/// Tells the tasks which environment they run in, for their logs and metrics; never for their behaviour.
pub const SLOT_VARIABLE: &str = "DEPLOYMENT_SLOT";

/// One of the two copies of a service: an ECS cluster and service with a target group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    Blue,
    Green,
}

impl Environment {
    pub const BOTH: [Environment; 2] = [Environment::Blue, Environment::Green];

    /// The other environment: idle for active, and the reverse.
    pub fn other(self) -> Environment {
        match self {
            Environment::Blue => Environment::Green,
            Environment::Green => Environment::Blue,
        }
    }

    /// The name as people, variables and alarms write it.
    pub fn name(self) -> &'static str {
        match self {
            Environment::Blue => "blue",
            Environment::Green => "green",
        }
    }

    /// The name of the stack's own alarm for it (`template.yaml`); `service` is the stack's name.
    pub fn own_alarm(self, service: &str) -> String {
        format!("{service}-{self}-5xx")
    }
}

impl std::fmt::Display for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// One value for each environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerEnvironment<T> {
    pub blue: T,
    pub green: T,
}

impl<T> PerEnvironment<T> {
    pub fn get(&self, environment: Environment) -> &T {
        match environment {
            Environment::Blue => &self.blue,
            Environment::Green => &self.green,
        }
    }

    /// The environment whose value fits, blue first.
    pub fn find(&self, fits: impl Fn(&T) -> bool) -> Option<Environment> {
        Environment::BOTH
            .into_iter()
            .find(|&environment| fits(self.get(environment)))
    }
}
