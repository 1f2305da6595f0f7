//! What an execution was started with.

use super::traffic::Shift;
use super::word::Word;
use record::{Origin, Time};
use serde::{Deserialize, Serialize};
use shared::{Digest, Refusal, ReleaseId};

/// What ECS takes for all overrides of a task is 8,192 characters (RunTask, API reference); the rest of them is small.
const COMMAND_BYTES: usize = 7000;

/// A request with what it may carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecutionRequest {
    pub request: Request,
    /// What to run before the new version is deployed; none: the stack's standing command, if it has one.
    pub migration: Option<MigrationStep>,
    /// How traffic is to be shifted; none: as the stack's parameter says.
    pub traffic: Option<Shift>,
    /// Why it begins although nothing is meant to begin now; none: it does not then.
    pub overrides: Option<String>,
    /// Only say what would be done; false unless the request is inside of a `plan`.
    pub preview: bool,
    /// Who asks; none where the request can neither release nor contract.
    pub origin: Option<Origin>,
}

/// The kinds of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// ECR reported that an image was pushed, or replicated from another registry.
    Push {
        at: Time,
        digest: Digest,
        /// None: the push had no tag.
        tag: Option<String>,
    },
    /// An operator named an image of the repository.
    Tag(String),
    /// The tag is only shown.
    Digest { digest: Digest, tag: Option<String> },
    /// A revision that the team registered itself, by its ARN.
    TaskDefinition(String),
    /// Traffic is to be flipped back to the previous environment.
    Rollback { reason: String },
    /// The idle environment is to run what is live.
    Sync {
        /// Only where the environments are not as the pipeline left them.
        if_drifted: bool,
    },
    /// The answer says whether the environments are as the pipeline left them.
    ReportDrift,
    /// What only older versions need is to be removed from the database.
    Contract {
        /// None: the stack's standing command.
        step: Option<MigrationStep>,
        /// The release that expanded; none stands for the latest one that is proven.
        expanded_by: Option<ReleaseId>,
    },
    /// A person decides about a release, or about all of them.
    Decide(Word),
    /// The answer says what is live, what is in progress and what waits for whom.
    Status,
}

impl Request {
    /// The tag of a push.
    pub(crate) fn pushed_tag(&self) -> Option<&str> {
        let Request::Push { tag, .. } = self else {
            return None;
        };
        tag.as_deref()
    }
}

impl From<Request> for ExecutionRequest {
    fn from(request: Request) -> ExecutionRequest {
        ExecutionRequest {
            request,
            migration: None,
            traffic: None,
            overrides: None,
            preview: false,
            origin: None,
        }
    }
}

impl ExecutionRequest {
    pub(crate) fn is_sync(&self) -> bool {
        matches!(self.request, Request::Sync { .. })
    }

    pub(crate) fn is_push(&self) -> bool {
        matches!(self.request, Request::Push { .. })
    }
}

/// A change of the database: a command in the released container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationStep {
    pub command: Vec<String>,
    /// What the command runs, to be judged before it does; none: nothing is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
}

impl MigrationStep {
    /// The step, if its command can be run.
    pub(crate) fn runnable(self) -> Result<MigrationStep, Refusal> {
        let bytes: usize = self.command.iter().map(String::len).sum();
        if self.command.iter().all(|word| word.trim().is_empty()) || bytes > COMMAND_BYTES {
            return Err(Refusal::from(format!(
                "expected a command of at least a word and at most {COMMAND_BYTES} bytes, found {} words with {bytes} bytes",
                self.command.len()
            )));
        }
        Ok(self)
    }
}
