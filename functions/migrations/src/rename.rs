//! Renames, which neither step admits: one of the two versions would always miss a name.

use sqlparser::ast::{
    AlterFunctionOperation, AlterSchemaOperation, AlterTableOperation, AlterTypeOperation,
    AlterViewOperation, Statement,
};

/// The reason against a statement that renames something on its own.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these are the ones that rename"
)]
pub fn of_statement(statement: &Statement) -> Option<String> {
    match statement {
        Statement::RenameTable(_) => Some(reason("a table")),
        Statement::AlterType(it) => match it.operation {
            AlterTypeOperation::Rename(_) => Some(reason("a type")),
            AlterTypeOperation::RenameValue(_) => Some(reason("a value of a type")),
            AlterTypeOperation::AddValue(_) => None,
        },
        Statement::AlterView(it) => match it.operation {
            AlterViewOperation::RenameColumn { .. } => Some(reason("a column")),
            AlterViewOperation::RenameTo { .. } | AlterViewOperation::SetSchema { .. } => {
                Some(reason("a view"))
            }
            _ => None,
        },
        Statement::AlterFunction(it) => matches!(
            it.operation,
            AlterFunctionOperation::RenameTo { .. } | AlterFunctionOperation::SetSchema { .. }
        )
        .then(|| reason("a function")),
        Statement::AlterSchema(it) => it
            .operations
            .iter()
            .any(|it| matches!(it, AlterSchemaOperation::Rename { .. }))
            .then(|| reason("a schema")),
        _ => None,
    }
}

/// The reason against one operation of an `ALTER TABLE` that renames.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the operations, these are the ones that rename"
)]
pub fn of_operation(operation: &AlterTableOperation) -> Option<String> {
    match operation {
        AlterTableOperation::RenameTable { .. } | AlterTableOperation::SwapWith { .. } => {
            Some(reason("a table"))
        }
        AlterTableOperation::RenameColumn { .. } => Some(reason("a column")),
        AlterTableOperation::ChangeColumn {
            old_name, new_name, ..
        } if !old_name.value.eq_ignore_ascii_case(&new_name.value) => Some(reason("a column")),
        _ => None,
    }
}

fn reason(what: &str) -> String {
    format!(
        "it renames {what}, and the version that knows the other name fails at once. Never rename in one step: add the \
         new one, let the new version write both, copy what is there, and contract the old one in a later release."
    )
}
