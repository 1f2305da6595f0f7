//! What of a release waits for a person's approval: its policy, fixed at the claim.

use serde::{Deserialize, Serialize};
use shared::{Refusal, Share};
use std::fmt;
use std::str::FromStr;

/// What a stack wants to be approved, of one release. The default one wants nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    #[serde(default)]
    pub before: Vec<ApprovalBefore>,
    /// How long a gate stays open, in seconds.
    pub seconds: u32,
    pub when_not_approved: WhenNotApproved,
    pub when_newer_pushed: WhenNewerPushed,
}

/// What a policy puts a gate before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApprovalBefore {
    /// The first flip.
    Flip,
    /// Every flip, the first too.
    EachStep,
    /// The end as stable.
    Finish,
    /// A migration that a request brings, or a contract step.
    Commands,
}

/// What a gate counts as that nobody has decided in its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenNotApproved {
    #[default]
    Reject,
    Approve,
}

/// Whether a newer request replaces a release that waits at a gate before its first flip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenNewerPushed {
    #[default]
    Keep,
    Replace,
}

/// What one gate stands before, in the order in which a release comes to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Before {
    Commands,
    /// The flip to this share.
    Flip(Share),
    Finish,
}

impl Approval {
    /// Whether a gate stands there; `first` says that the release has no traffic yet.
    pub(crate) fn wants(&self, before: Before, first: bool) -> bool {
        self.before.iter().any(|it| match (it, before) {
            (ApprovalBefore::Flip, Before::Flip(_)) => first,
            (ApprovalBefore::EachStep, Before::Flip(_))
            | (ApprovalBefore::Finish, Before::Finish)
            | (ApprovalBefore::Commands, Before::Commands) => true,
            (
                ApprovalBefore::Flip
                | ApprovalBefore::EachStep
                | ApprovalBefore::Finish
                | ApprovalBefore::Commands,
                _,
            ) => false,
        })
    }
}

impl fmt::Display for Before {
    /// The gate's name, in the record, in requests and in notices.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Before::Commands => f.write_str("commands"),
            Before::Flip(share) => write!(f, "flip to {share}"),
            Before::Finish => f.write_str("finish"),
        }
    }
}

impl FromStr for Before {
    type Err = Refusal;

    fn from_str(name: &str) -> Result<Before, Refusal> {
        let share = || name.strip_prefix("flip to ")?.strip_suffix(" %");
        let percent = || share()?.parse().ok().and_then(Share::new);
        match name {
            "commands" => Ok(Before::Commands),
            "finish" => Ok(Before::Finish),
            _ => percent().map(Before::Flip).ok_or_else(|| {
                Refusal::from(format!(
                    "expected a gate's name, such as `flip to 10 %`, `finish` or `commands`, found `{name}`"
                ))
            }),
        }
    }
}

impl TryFrom<String> for Before {
    type Error = Refusal;

    fn try_from(name: String) -> Result<Before, Refusal> {
        name.parse()
    }
}

impl From<Before> for String {
    fn from(before: Before) -> String {
        before.to_string()
    }
}

#[cfg(test)]
#[path = "approval_tests.rs"]
mod tests;
