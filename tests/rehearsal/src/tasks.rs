//! Ends that a test orders, which the local Step Functions gives in place of a task's or an execution's own end.

use crate::aws::Aws;
use crate::aws::plain::json;
use crate::stage::Stage;
use anyhow::Result;
use serde_json::{Value, json as value};

impl Stage {
    /// The next execution that enters the Task `state` finds that every try of it fails with this error and cause;
    /// nothing is called. A later order replaces an earlier one.
    ///
    /// # Errors
    /// The local AWS does not answer.
    pub async fn fail_task(&self, state: &str, error: &str, cause: &str) -> Result<()> {
        fail_task(&self.aws, state, error, cause).await
    }

    /// Whether an execution has entered the state of the latest order since.
    ///
    /// # Errors
    /// The local AWS does not answer.
    pub async fn task_failed(&self) -> Result<bool> {
        task_failed(&self.aws).await
    }

    /// Ends an execution as AWS does once its machine's time is over.
    ///
    /// # Errors
    /// The local AWS does not answer, or knows no such execution.
    pub async fn time_out(&self, execution: &str) -> Result<()> {
        let input = value!({"executionArn": execution});
        call(&self.aws, "TimeOutExecution", &input).await?;
        Ok(())
    }
}

/// [`Stage::fail_task`] of an account.
///
/// # Errors
/// The local AWS does not answer.
pub async fn fail_task(aws: &Aws, state: &str, error: &str, cause: &str) -> Result<()> {
    let order = value!({"state": state, "error": error, "cause": cause});
    call(aws, "FailTask", &order).await?;
    Ok(())
}

/// [`Stage::task_failed`] of an account.
///
/// # Errors
/// The local AWS does not answer.
pub async fn task_failed(aws: &Aws) -> Result<bool> {
    let answer = call(aws, "DescribeFailTask", &value!({})).await?;
    Ok(answer["struck"] == true)
}

/// A call that only the local Step Functions has (`as_aws/tasks.py`).
pub(crate) async fn call(aws: &Aws, operation: &str, input: &Value) -> Result<Value> {
    json(
        aws,
        "states",
        &format!("AWSStepFunctions.{operation}"),
        input,
    )
    .await
}
