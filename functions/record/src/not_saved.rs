//! Why DynamoDB did not write the record, and whether another try may help.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;
use shared::{Error, excerpt};

/// Why the record was not written.
pub(crate) enum NotSaved {
    /// Another try may go through; the error, if it was the last one.
    TryAgain(Error),
    Failed(Error),
}

impl From<Error> for NotSaved {
    fn from(error: Error) -> NotSaved {
        NotSaved::Failed(error)
    }
}

impl NotSaved {
    /// DynamoDB cancels a transaction for many reasons, and lists one for each write. A failed condition, or a conflict
    /// with a transaction that is under way, means that somebody else changes the record of this service.
    pub(crate) fn of(error: SdkError<TransactWriteItemsError>, service: &str) -> NotSaved {
        let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
            error.as_service_error()
        else {
            return NotSaved::Failed(Error::from_sdk("dynamodb:PutItem", error));
        };
        let reasons = canceled.cancellation_reasons();
        let has = |part: &str| {
            let mut codes = reasons.iter().filter_map(CancellationReason::code);
            codes.any(|code| code.contains(part))
        };
        let described: Vec<String> = reasons.iter().map(describe).collect();
        let described = format!("dynamodb:PutItem was canceled: {}", described.join("; "));
        if has("ConditionalCheckFailed") || has("TransactionConflict") {
            NotSaved::TryAgain(Error::RecordContention(format!(
                "the release record of {service} changed at every try to write it"
            )))
        } else if has("Throttl") || has("ThroughputExceeded") {
            NotSaved::TryAgain(Error::AwsUnavailable(described))
        } else {
            NotSaved::Failed(Error::UnexpectedAnswer(described))
        }
    }
}

fn describe(reason: &CancellationReason) -> String {
    let code = reason.code().unwrap_or("no code");
    format!("{code} {}", excerpt(reason.message().unwrap_or_default()))
}
