//! The alarms that the stack's parameter RollbackAlarmNames lists: whether each could flip this release back.
//!
//! Nothing else would show that one cannot: it says nothing when it should, and is missed only then.

use super::checks::ROLLBACK_ALARM;
use super::evidence::Finding;
use crate::look::{Facts, RollbackAlarm};
use shared::excerpt;

pub(super) fn findings(facts: &Facts) -> Vec<Finding> {
    match &facts.rollback_alarms {
        Ok(alarms) => {
            let found = alarms.iter().flat_map(silent);
            found.map(|it| ROLLBACK_ALARM.finding(it)).collect()
        }
        Err(reason) => vec![ROLLBACK_ALARM.unknown(&reason.0)],
    }
}

/// What keeps an alarm from invoking flip.
fn silent(alarm: &RollbackAlarm) -> Vec<String> {
    let name = excerpt(&alarm.name);
    let Some(found) = &alarm.found else {
        return vec![format!(
            "alarm {name} does not exist in this account and Region"
        )];
    };
    let mut reasons = Vec::new();
    if !found.actions_enabled {
        reasons.push(format!("the actions of alarm {name} are off"));
    } else if !found.actions.iter().any(|arn| may_invoke(arn)) {
        reasons.push(format!(
            "alarm {name} has neither a Lambda function nor an SNS topic among its alarm actions"
        ));
    }
    if found.state.is_on() {
        let reason = &found.state.reason;
        reasons.push(format!("alarm {name} is in ALARM already: {reason}"));
    }
    reasons
}

/// Whether this action invokes a function, or notifies a topic that may invoke one. Which function that is, detect does not
/// know: a team may put one of its own in between.
fn may_invoke(arn: &str) -> bool {
    matches!(arn.split(':').nth(2), Some("lambda" | "sns"))
}
