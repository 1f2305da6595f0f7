//! How the record's answers name moments and executions to a person.

use chrono::SubsecRound;
use shared::{ExecutionArn, Time};

/// The moment, in whole seconds.
pub(crate) fn moment(time: Time) -> Time {
    time.trunc_subsecs(0)
}

/// The execution, by its name.
pub(crate) fn execution(arn: &ExecutionArn) -> String {
    let name = arn.as_str().rsplit(':').next().unwrap_or_default();
    format!("execution {name}")
}
