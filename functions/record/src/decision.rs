//! What a person says about a release, or about all of them, as the record keeps it.
//!
//! Step Functions does not tell who started an execution, so `by` is a claim. The execution is kept beside it: CloudTrail
//! knows its caller.

use crate::text::{self, moment};
use serde::{Deserialize, Serialize};
use shared::{ExecutionArn, Refusal, ReleaseId, Share, Time};

/// A person's word, and the execution that brought it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    pub execution: ExecutionArn,
    /// Who said so, in that person's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// When its execution started. It orders the word against gates, shares and other words: one that is delivered late
    /// never acts on what came after it.
    pub at: Time,
}

impl std::fmt::Display for Decision {
    /// Who, and why. Where nobody is named, the execution is.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let execution = || text::execution(&self.execution);
        let by = self.by.clone().unwrap_or_else(execution);
        if self.reason.is_empty() {
            f.write_str(&by)
        } else {
            write!(f, "{by}: {}", self.reason)
        }
    }
}

impl Decision {
    /// Refuses this word unless it was said after `other` about the same, which has been taken: `said` says what. Of two
    /// words of one moment nobody knows which was later.
    pub(crate) fn require_later(&self, other: &Decision, said: &str) -> Result<(), Refusal> {
        if self.at > other.at {
            return Ok(());
        }
        Err(Refusal::from(format!(
            "asked at {}, and {said} at {} by {other}. The later word counts: ask again.",
            moment(self.at),
            moment(other.at)
        )))
    }
}

/// The latest hold of a release, which began with its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hold {
    pub decision: Decision,
    /// When it ends by itself.
    pub until: Time,
    /// Who has ended it before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Decision>,
}

impl Hold {
    pub(crate) fn is_on(&self, now: Time) -> bool {
        self.ended.is_none() && self.until > now
    }

    pub(crate) fn described(&self, id: &ReleaseId) -> Refusal {
        let (decision, until) = (&self.decision, moment(self.until));
        format!("release {id} is held until {until} by {decision}").into()
    }
}

/// A person has ended the watch at this share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finished {
    pub share: Share,
    pub decision: Decision,
}

/// The latest freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Freeze {
    pub decision: Decision,
    /// When it ends by itself. None: when somebody ends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// Who has ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Decision>,
}

impl Freeze {
    pub(crate) fn is_on(&self, now: Time) -> bool {
        self.ended.is_none() && self.until.is_none_or(|until| until > now)
    }

    /// That nothing begins, for a person: who has frozen releases, and until when.
    pub fn described(&self) -> Refusal {
        let until = match self.until {
            Some(until) => format!("until {}", moment(until)),
            None => "until somebody unfreezes them".to_owned(),
        };
        format!("releases are frozen {until} by {}", self.decision).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::people::word;

    #[test]
    fn a_decision_says_who_and_why() {
        let said = word("ann", 20);
        assert_eq!(said.to_string(), "ann: because");
        let nameless = Decision {
            execution: "arn:aws:states:eu-west-1:1:execution:shop-release:abc".into(),
            by: None,
            reason: String::new(),
            ..said
        };
        assert_eq!(nameless.to_string(), "execution abc");
    }
}
