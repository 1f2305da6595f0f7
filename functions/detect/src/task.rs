//! What the state machine asks of detect, and what it is answered.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::Plan;
use shared::lambda::Reason;
use shared::record::{Outcome, Phase, Time};

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
    Finished {
        phase: Option<Phase>,
        reason: String,
    },
}
