//! What the state machine asks for at the flip, in the words of a case.

use crate::case::Case;
use serde_json::{Value, json};

/// The revision that the machine would have registered.
pub const REVISION: &str = "ecs:task-definition/shop:8";

/// The flip of the release that began last.
pub fn flip_task(wanted: u32) -> Value {
    json!({
        "action": "flip", "plan": "$plan", "execution": "$execution.id", "wanted": wanted, "taskDefinition": REVISION,
    })
}

/// What smoke answered for the plan of that release, on its way into the record.
pub fn smoke_task() -> Value {
    json!({
        "action": "pass-smoke", "execution": "$execution", "release": "$plan.release", "taskDefinition": REVISION,
        "smoke": {"passed": true, "release": "$plan.release", "digest": "$plan.image.digest"},
    })
}

impl Case {
    /// The record gets to know that the release that began last has passed its smoke test.
    pub fn passes_smoke(self) -> Case {
        self.calls("detect", smoke_task())
            .answers(json!({"recorded": true}))
    }

    /// It passes, and flip is asked to flip it.
    pub fn flips(self, wanted: u32) -> Case {
        self.passes_smoke().calls("flip", flip_task(wanted))
    }
}
