//! What a preview says: what a request would do, in place of the answer that does it.

use crate::request::Request;
use crate::task::{Answer, PreviewedAction};

impl PreviewedAction {
    /// What a request would do if nothing spoke against it.
    pub(crate) fn of(request: &Request) -> PreviewedAction {
        match request {
            Request::Push { .. }
            | Request::Tag(_)
            | Request::Digest { .. }
            | Request::TaskDefinition(_) => PreviewedAction::Release,
            Request::Rollback { .. } => PreviewedAction::Rollback,
            Request::Sync { .. } => PreviewedAction::Sync,
            Request::ReportDrift => PreviewedAction::Report,
            Request::Contract { .. } => PreviewedAction::Contract,
            // Neither can be planned.
            Request::Decide(_) | Request::Status => PreviewedAction::Refuse,
        }
    }
}

impl Answer {
    /// The preview of a request that first waits for something that changes which environment is active.
    pub(crate) fn later(would: PreviewedAction, waits_for: &str) -> Answer {
        Answer::Preview {
            would,
            reason: format!("{waits_for}; which environment is active then is not known before"),
            findings: Vec::new(),
            plan: None,
            migration: None,
        }
    }

    /// The preview of what the answer to a request says that asked for this; what does something would not be one.
    pub(crate) fn previewed(self, request: PreviewedAction) -> Answer {
        let (would, reason, step) = match self {
            Answer::Skip { reason, .. } | Answer::HeldBack { reason } => {
                (PreviewedAction::Skip, reason, None)
            }
            Answer::Refuse { reason, .. } => (PreviewedAction::Refuse, reason.into_reason(), None),
            Answer::Rollback { reason, .. } => (PreviewedAction::Rollback, reason, None),
            Answer::Drifted { reason, .. } => (PreviewedAction::Report, reason, None),
            Answer::Contract {
                migration,
                reason,
                findings,
                ..
            } => {
                let reason = format!(
                    "{reason}. From its beginning on the live release cannot be flipped back"
                );
                (
                    PreviewedAction::Contract,
                    reason,
                    Some((migration, findings)),
                )
            }
            Answer::EndStopped { reason, .. } => {
                let waits_for = format!("{reason}, so that would be flipped back first");
                return Answer::later(request, &waits_for);
            }
            answer @ (Answer::Preview { .. }
            | Answer::Release { .. }
            | Answer::CheckTraffic { .. }
            | Answer::VerifyImage { .. }
            | Answer::Sync { .. }
            | Answer::Wait { .. }
            | Answer::SmokeTest { .. }
            | Answer::Step { .. }
            | Answer::Finished { .. }
            | Answer::Decided { .. }
            | Answer::Stop { .. }
            | Answer::Status { .. }
            | Answer::Heed(_)) => return answer,
        };
        let (migration, findings) = step.unzip();
        Answer::Preview {
            would,
            reason,
            findings: findings.unwrap_or_default(),
            plan: None,
            migration,
        }
    }
}
