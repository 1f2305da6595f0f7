//! The gate: a release waits at it for a person. The record has the latest one, and what became of it.

use crate::approval::Before;
use crate::decision::Decision;
use crate::text::{self, moment};
use serde::{Deserialize, Serialize};
use shared::{ExecutionArn, FailureReason, Refusal, ReleaseId, Time};

/// A gate that was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// The release that waits at it, or the contract step: the name of its execution.
    pub release: ReleaseId,
    pub before: Before,
    pub opened_at: Time,
    /// When it counts as the policy says, if nobody decides.
    pub until: Time,
    /// What a contract step at it would run, and nothing else. None at a release's gate, and in records of versions that did
    /// not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<GateOutcome>,
}

/// What became of a gate. It is written once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GateOutcome {
    pub approved: bool,
    /// Whose word it was. None: nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The execution of a newer request, which replaces the release. Neither this nor a decision: its time was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<ExecutionArn>,
}

impl GateOutcome {
    /// Why the release ends at `gate`; none where it goes on.
    pub(crate) fn ends(&self, gate: &Gate) -> Option<FailureReason> {
        if self.approved {
            return None;
        }
        let error = match self {
            GateOutcome {
                decision: Some(_), ..
            } => "ApprovalRejected",
            GateOutcome {
                replaced_by: Some(_),
                ..
            } => "ReleaseSuperseded",
            GateOutcome { .. } => "ApprovalTimedOut",
        };
        Some(FailureReason::failure(error, self.described(gate).as_str()))
    }

    /// What became of `gate`, for a person.
    pub(crate) fn described(&self, gate: &Gate) -> Refusal {
        let Gate {
            release, before, ..
        } = gate;
        let until = moment(gate.until);
        let gate = format!("the gate `{before}` of {release}");
        let counts = if self.approved {
            "approved"
        } else {
            "rejected"
        };
        match (&self.decision, &self.replaced_by) {
            (Some(decision), _) => format!("{gate} was {counts} by {decision}").into(),
            (None, Some(newer)) => {
                let newer = text::execution(newer);
                format!("a newer request, {newer}, replaces {release} at {gate}").into()
            }
            (None, None) => {
                format!("nobody decided {gate} until {until}: it counts as {counts}").into()
            }
        }
    }
}
