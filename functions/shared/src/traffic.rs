//! How a release shifts traffic: shares of it, step by step, each watched before the next.

use crate::Environment;
use serde::{Deserialize, Serialize};

/// Per cent of the traffic that the rules give an environment: 1 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Share(u8);

impl Share {
    /// All of the traffic.
    pub const ALL: Share = Share(100);

    /// A share in per cent; none where it is not 1 to 100.
    pub fn new(percent: u8) -> Option<Share> {
        (1..=100).contains(&percent).then_some(Share(percent))
    }

    pub fn percent(self) -> u8 {
        self.0
    }

    pub fn is_all(self) -> bool {
        self == Share::ALL
    }
}

impl TryFrom<u8> for Share {
    type Error = String;

    fn try_from(percent: u8) -> Result<Share, String> {
        Share::new(percent).ok_or_else(|| format!("expected a share of 1 to 100, found {percent}"))
    }
}

impl From<Share> for u8 {
    fn from(share: Share) -> u8 {
        share.0
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} %", self.0)
    }
}

/// A watch at one share. The last step of a release has the share 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub share: Share,
    /// How long the release is watched at this share, in seconds.
    pub seconds: u32,
}

/// The steps of a release last no longer than this together, in seconds and each with its grace: a push waits four and a
/// half hours for the release in progress (statemachine/README.md).
pub const MOST_SECONDS_OF_STEPS: u32 = 8100;

/// Where the rules send traffic: this share to this environment, and the rest to the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Traffic {
    pub to: Environment,
    pub share: Share,
}

impl Traffic {
    /// All of it to one environment.
    pub fn all(to: Environment) -> Traffic {
        Traffic {
            to,
            share: Share::ALL,
        }
    }
}

impl std::fmt::Display for Traffic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.share.is_all() {
            write!(f, "{}", self.to)
        } else {
            write!(f, "{} ({})", self.to, self.share)
        }
    }
}

/// The forward of a rule as a release found it, before a share of the traffic made two weighted groups of it: what all of
/// the traffic, and a flip back, make of it again.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OriginalForward {
    /// ARN of the rule, or of the listener.
    pub rule: String,
    /// Whether the forward named its group as `TargetGroupArn`.
    #[serde(default)]
    pub single: bool,
    /// The groups of its `ForwardConfig`, in their order; none where it had no `ForwardConfig`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<WeightedGroup>>,
}

/// A target group of a forward.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WeightedGroup {
    /// ARN of the target group.
    pub group: String,
    /// None where the rule named no weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<i32>,
}

/// The splits that a release may have made. Any other is the work of a person, whose reasons nobody here knows.
#[derive(Clone, Copy, Debug)]
pub struct Splits<'a> {
    /// The environment that the release makes active.
    pub to: Environment,
    /// The shares that the rules may have by now: of a flip on its way some rules have the earlier one.
    pub shares: [Option<Share>; 2],
    /// The rules that it splits, as it found them.
    pub originals: &'a [OriginalForward],
}

impl<'a> Splits<'a> {
    /// The forward as it was found of the rule, or listener, with this ARN; none where the release does not split it.
    pub fn original_of(&self, rule: &str) -> Option<&'a OriginalForward> {
        let mut originals = self.originals.iter();
        originals.find(|original| original.rule == rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_one_to_a_hundred_per_cent() {
        let read = |text: &str| serde_json::from_str::<Share>(text).map_err(|it| it.to_string());
        assert_eq!(read("1"), Ok(Share(1)));
        assert_eq!(read("100"), Ok(Share::ALL));
        for text in ["0", "101", "256", "-1", "10.5", "\"10\""] {
            assert!(read(text).is_err(), "{text}");
        }
        let refused = read("0").expect_err("no share");
        assert_eq!(refused, "expected a share of 1 to 100, found 0");
        assert_eq!(serde_json::to_string(&Share(10)).expect("text"), "10");
    }

    #[test]
    fn traffic_is_named_by_the_environment_that_gets_the_share() {
        let split = Traffic {
            to: Environment::Green,
            share: Share(10),
        };
        assert_eq!(split.to_string(), "green (10 %)");
        assert_eq!(Traffic::all(Environment::Blue).to_string(), "blue");
    }
}
