//! The step after the old version is gone: everything that can be read may run, except what is no contraction.

use crate::created::Created;
use crate::problem::Refusal;
use crate::rename;
use sqlparser::ast::{ObjectType, Statement};

/// The refusals of a statement, if any.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "everything else may run once the old version is gone"
)]
pub(crate) fn judge(statement: &Statement, created: &Created) -> Vec<Refusal> {
    match statement {
        Statement::Explain { statement, .. } => judge(statement, created),
        Statement::AlterTable(table) if created.contains(&table.name) => Vec::new(),
        Statement::AlterTable(table) => {
            let operations = table.operations.iter();
            operations
                .filter_map(|operation| rename::check_operation(operation).err())
                .collect()
        }
        Statement::Drop {
            object_type: ObjectType::Schema | ObjectType::Database,
            ..
        } => vec![no_contraction("it drops everything there is")],
        Statement::Truncate(_) => vec![no_contraction("it empties a table")],
        _ => rename::check_statement(statement)
            .err()
            .into_iter()
            .collect(),
    }
}

fn no_contraction(found: &str) -> Refusal {
    Refusal(format!(
        "{found}, and that is not contracting: the new version works with what would be lost. Drop the columns and \
         tables that it does not use any more, one by one."
    ))
}
