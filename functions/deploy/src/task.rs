//! What the state machine asks deploy to do.

use serde::Deserialize;
use shared::{FailureReason, MigrationTask, ReleasePlan};

/// A task of the state machine; `read_task` takes the variant from its `action`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Task {
    /// Registers the revision that the release runs, unless it is registered already.
    Register { plan: ReleasePlan },
    /// Deploys the revision to the idle service, unless that has been done already.
    Update {
        plan: ReleasePlan,
        task_definition: String,
    },
    /// Looks at the rollout once.
    Check {
        plan: ReleasePlan,
        task_definition: String,
        /// The id that the update answered.
        deployment: String,
        /// Tasks that the update wanted.
        desired: i32,
    },
    /// Gives the idle service back the tasks that autoscaling may have taken away before the flip.
    Scale {
        plan: ReleasePlan,
        /// The id that the update answered.
        deployment: String,
        /// Tasks that the update wanted.
        desired: i32,
    },
    /// Finds out how the migration's task ended, which Step Functions has run.
    Migration {
        migration: MigrationTask,
        task_definition: String,
        /// What Step Functions caught, where it did not see the task end well.
        error: Option<FailureReason>,
    },
    /// Says what `Register` and `Update` would do now, and writes nothing.
    Preview { plan: ReleasePlan },
}
