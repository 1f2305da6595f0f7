//! How the record's answers name moments and executions to a person.

pub(crate) use shared::whole_second as moment;

use shared::ExecutionArn;

/// The execution, by its name.
pub(crate) fn execution(arn: &ExecutionArn) -> String {
    let name = arn.as_str().rsplit(':').next().unwrap_or_default();
    format!("execution {name}")
}
