//! Renames, which neither step admits: one of the two versions would always miss a name.

use crate::problem::Refusal;
use sqlparser::ast::{
    AlterFunctionOperation, AlterSchemaOperation, AlterTableOperation, AlterTypeOperation,
    AlterViewOperation, Statement,
};

/// Refuses a statement that renames something.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these are the ones that rename"
)]
pub(crate) fn check_statement(statement: &Statement) -> Result<(), Refusal> {
    let renamed = match statement {
        Statement::RenameTable(_) => Some("a table"),
        Statement::AlterType(alter) => match alter.operation {
            AlterTypeOperation::Rename(_) => Some("a type"),
            AlterTypeOperation::RenameValue(_) => Some("a value of a type"),
            AlterTypeOperation::AddValue(_) => None,
        },
        Statement::AlterView(alter) => match alter.operation {
            AlterViewOperation::RenameColumn { .. } => Some("a column"),
            AlterViewOperation::RenameTo { .. } | AlterViewOperation::SetSchema { .. } => {
                Some("a view")
            }
            _ => None,
        },
        Statement::AlterFunction(alter) => match alter.operation {
            AlterFunctionOperation::RenameTo { .. } | AlterFunctionOperation::SetSchema { .. } => {
                Some("a function")
            }
            _ => None,
        },
        Statement::AlterSchema(alter) => {
            let mut operations = alter.operations.iter();
            operations
                .any(|operation| matches!(operation, AlterSchemaOperation::Rename { .. }))
                .then_some("a schema")
        }
        _ => None,
    };
    refuse(renamed)
}

/// Refuses an operation of an `ALTER TABLE` that renames something.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the operations, these are the ones that rename"
)]
pub(crate) fn check_operation(operation: &AlterTableOperation) -> Result<(), Refusal> {
    refuse(match operation {
        AlterTableOperation::RenameTable { .. } | AlterTableOperation::SwapWith { .. } => {
            Some("a table")
        }
        AlterTableOperation::RenameColumn { .. } => Some("a column"),
        AlterTableOperation::ChangeColumn {
            old_name, new_name, ..
        } if !old_name.value.eq_ignore_ascii_case(&new_name.value) => Some("a column"),
        _ => None,
    })
}

fn refuse(renamed: Option<&str>) -> Result<(), Refusal> {
    match renamed {
        None => Ok(()),
        Some(renamed) => Err(Refusal(format!(
            "it renames {renamed}, and the version that knows the other name fails at once. Never rename in one step: \
             add the new one, let the new version write both, copy what is there, and contract the old one in a later \
             release."
        ))),
    }
}
