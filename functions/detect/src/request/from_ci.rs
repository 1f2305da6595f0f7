//! What CI's machine may ask for: a release of an image of the repository or of a revision that others have registered,
//! its plan, and the status.

use super::execution_request::{ExecutionRequest, Request};
use record::{Origin, Source};
use serde_json::Value;
use shared::Refusal;

/// The action in which CI's machine wraps what CI asks for.
pub(super) const FROM_CI: &str = "from-ci";

/// What the refusal shows to CI.
pub(super) const FORMS: &str = "Accepted forms from CI: {\"image\": \"REPOSITORY:TAG\"}; {\"image\": \"REPOSITORY@sha256:...\"}; \
    {\"tag\": \"v1.3.0\"}; {\"taskDefinition\": \"arn:...:task-definition/NAME:REVISION\"}; each also with \"traffic\", \"by\" \
    and \"reason\"; {\"action\": \"plan\", \"request\": {any of these}}; {\"action\": \"status\"}";

pub(super) fn is_from_ci(input: &Value) -> bool {
    input["action"] == FROM_CI
}

/// The request as one of CI's, or the refusal of what CI may not ask for.
pub(super) fn from_ci(requested: ExecutionRequest) -> Result<ExecutionRequest, Refusal> {
    if let Some(problem) = problem(&requested) {
        return Err(Refusal::from(format!(
            "CI {problem}. A person requests that of the release's own machine."
        )));
    }
    Ok(ExecutionRequest {
        origin: requested.origin.map(|origin| Origin {
            source: Source::Ci,
            ..origin
        }),
        ..requested
    })
}

/// What CI may not ask for in a request.
fn problem(requested: &ExecutionRequest) -> Option<&'static str> {
    match &requested.request {
        Request::Tag(_) | Request::Digest { .. } | Request::TaskDefinition(_) => {
            match (&requested.migration, &requested.overrides) {
                (Some(_), _) => Some("brings no command: leave migration out"),
                (None, Some(_)) => Some("overrides no freeze and no window: leave override out"),
                (None, None) => None,
            }
        }
        Request::Status => None,
        Request::Push { .. } => Some("sends no event"),
        Request::Rollback { .. } => Some("does not roll back"),
        Request::Sync { .. } => Some("does not sync"),
        Request::ReportDrift => Some("does not ask for drift"),
        Request::Contract { .. } => Some("runs no contract step"),
        Request::Decide(_) => Some("decides nothing"),
    }
}
