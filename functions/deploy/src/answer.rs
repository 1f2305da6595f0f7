//! What deploy answers to the state machine.

use crate::decide::RolloutStatus;
use serde::Serialize;
use serde_json::Value;
use shared::{Target, first_targets};

/// The answer to each of the tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Answer {
    Registered {
        /// ARN of the revision that the release runs.
        task_definition: String,
        /// False: an earlier try, or the team, had registered it.
        registered: bool,
    },
    Updated {
        /// The id of our deployment.
        deployment: String,
        /// Tasks that it wants.
        desired: i32,
        /// False: an earlier try had updated the service.
        updated: bool,
    },
    Checked {
        status: CheckStatus,
        reason: String,
        /// Where the new tasks listen, as many as an answer holds; empty until the rollout is steady.
        targets: Vec<Target>,
        /// How many there are in all.
        registered: usize,
    },
    Scaled {
        /// Tasks that the idle service wants now.
        desired: i32,
        /// False: it wants enough, or deploys something else than the release.
        scaled: bool,
    },
    Migrated {
        passed: bool,
        reason: String,
        /// The last lines that it wrote.
        log: Vec<String>,
    },
    Previewed {
        task_definition: RevisionPreview,
        desired: DesiredTasks,
    },
}

impl From<RolloutStatus> for Answer {
    fn from(status: RolloutStatus) -> Answer {
        let (status, reason, all) = match status {
            RolloutStatus::Steady(targets) => {
                let reason = format!("{} tasks run the image and are healthy", targets.len());
                (CheckStatus::Steady, reason, targets)
            }
            RolloutStatus::Waiting(reason) => (CheckStatus::Waiting, reason, Vec::new()),
            RolloutStatus::Failed(reason) => (CheckStatus::Failed, reason, Vec::new()),
            RolloutStatus::Refused(reason) => (CheckStatus::Refused, reason, Vec::new()),
        };
        let registered = all.len();
        let targets = first_targets(all);
        let reason = match targets.len() {
            listed if listed < registered => {
                format!("{reason}; {listed} of them are listed, and smoke asks those")
            }
            _ => reason,
        };
        Answer::Checked {
            status,
            reason,
            targets,
            registered,
        }
    }
}

/// How far a rollout is, in the words that the state machine compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckStatus {
    Steady,
    Waiting,
    Failed,
    /// By the scan of the image.
    Refused,
}

/// The revision that the release would run, compared with the one that idle runs now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevisionPreview {
    /// ARN of the revision that idle runs now.
    pub replaces: String,
    /// False: an earlier try, or the team, has registered it.
    pub registers: bool,
    /// The fields that differ, as many as an answer holds.
    pub changes: Vec<FieldChange>,
    /// How many more there are.
    pub more_changes: usize,
}

/// A field that differs. Values are there only where they are harmless: all who may read an execution read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its path, such as `containerDefinitions.api.image`.
    pub field: String,
    pub change: Change,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// What happens to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    Added,
    Removed,
    Changed,
}

/// Tasks that the idle service wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DesiredTasks {
    pub before: i32,
    pub after: i32,
}
