//! What the state machine asks of detect, and what it is answered.

use crate::preflight::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::lambda::Reason;
use shared::record::{Outcome, Phase, Time};
use shared::{Migration, Plan};

/// A task of the state machine; `shared::lambda::read_task` takes the variant from its `action`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    Detect {
        request: Value,
        execution: Execution,
    },
    Finish {
        execution: Execution,
        outcome: Outcome,
        reason: Reason,
    },
}

/// The execution that asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Execution {
    /// Its ARN.
    pub id: String,
    pub name: String,
    pub start_time: Time,
}

/// What is to be done about a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Answer {
    Release {
        plan: Box<Plan>,
        release: String,
        reason: String,
    },
    Wait {
        reason: String,
        /// When to look again.
        seconds: i64,
    },
    Skip {
        reason: String,
    },
    Rollback {
        release: String,
        reason: String,
    },
    Refuse {
        reason: String,
    },
    Sync {
        plan: Box<Plan>,
        release: String,
        reason: String,
    },
    #[serde(rename_all = "camelCase")]
    Contract {
        migration: Migration,
        /// The revision that the active environment runs: so does the step.
        task_definition: String,
        reason: String,
    },
    /// The environments are not as the pipeline left them.
    Drifted {
        reason: String,
        findings: Vec<Finding>,
    },
    Plan {
        would: Would,
        reason: String,
        findings: Vec<Finding>,
        /// None where nothing would be deployed.
        plan: Option<Box<Plan>>,
        /// A contract step's task.
        migration: Option<Migration>,
    },
    Finished {
        phase: Option<Phase>,
        reason: String,
    },
}

/// What a request would do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Would {
    Release,
    Sync,
    Contract,
    Rollback,
    Report,
    Skip,
    Refuse,
}

impl Answer {
    /// A contract step as its plan; anything else stays what it is.
    pub fn as_plan(self) -> Answer {
        let Answer::Contract {
            migration, reason, ..
        } = self
        else {
            return self;
        };
        Answer::Plan {
            would: Would::Contract,
            reason: format!(
                "{reason}. From its beginning on the live release cannot be flipped back"
            ),
            findings: Vec::new(),
            plan: None,
            migration: Some(migration),
        }
    }

    /// A plan that needs no further look.
    pub fn plan(would: Would, reason: String) -> Answer {
        Answer::Plan {
            would,
            reason,
            findings: Vec::new(),
            plan: None,
            migration: None,
        }
    }
}
