//! Renames, which neither step admits: one of the two versions would always miss a name.

use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::State;
use sqlparser::ast::{
    AlterFunctionOperation, AlterSchemaOperation, AlterTableOperation, AlterTypeOperation,
    AlterViewOperation, Ident, ObjectName, Statement,
};

/// Refuses a statement that renames something.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these are the ones that rename"
)]
pub(crate) fn check_statement(statement: &Statement, state: &State) -> Result<(), Finding> {
    match statement {
        Statement::RenameTable(renames) => {
            let old = renames.iter().map(|rename| &rename.old_name);
            let old: Vec<_> = old.filter(|name| !state.made(name)).collect();
            let shown = names::list(old.iter().map(|name| names::object(name)));
            refuse((!old.is_empty()).then(|| format!("table {shown}")))
        }
        Statement::AlterType(alter) => {
            let name = names::object(&alter.name);
            refuse(match &alter.operation {
                AlterTypeOperation::Rename(_) => Some(format!("type {name}")),
                AlterTypeOperation::RenameValue(_) => Some(format!("a value of type {name}")),
                AlterTypeOperation::AddValue(_) => None,
            })
        }
        Statement::AlterView(alter) => {
            let name = names::object(&alter.name);
            refuse(match &alter.operation {
                AlterViewOperation::RenameColumn { .. } => Some(format!("a column of view {name}")),
                AlterViewOperation::RenameTo { .. } | AlterViewOperation::SetSchema { .. } => {
                    Some(format!("view {name}"))
                }
                _ => None,
            })
        }
        Statement::AlterFunction(alter) => refuse(match alter.operation {
            AlterFunctionOperation::RenameTo { .. } | AlterFunctionOperation::SetSchema { .. } => {
                Some("a function".to_owned())
            }
            _ => None,
        }),
        Statement::AlterSchema(alter) => {
            let mut operations = alter.operations.iter();
            let renames = operations
                .any(|operation| matches!(operation, AlterSchemaOperation::Rename { .. }));
            refuse(renames.then(|| format!("schema {}", names::object(&alter.name))))
        }
        _ => Ok(()),
    }
}

/// Refuses an operation of an `ALTER TABLE` that renames something.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the operations, these are the ones that rename"
)]
pub(crate) fn check_operation(
    operation: &AlterTableOperation,
    table: &ObjectName,
) -> Result<(), Finding> {
    let table = names::object(table);
    let column = |name: &Ident| Some(format!("column {} of {table}", names::column(name)));
    refuse(match operation {
        AlterTableOperation::RenameTable { .. } | AlterTableOperation::SwapWith { .. } => {
            Some(format!("table {table}"))
        }
        AlterTableOperation::RenameColumn {
            old_column_name, ..
        } => column(old_column_name),
        AlterTableOperation::ChangeColumn {
            old_name, new_name, ..
        } if !old_name.value.eq_ignore_ascii_case(&new_name.value) => column(old_name),
        _ => None,
    })
}

fn refuse(renamed: Option<String>) -> Result<(), Finding> {
    match renamed {
        None => Ok(()),
        Some(renamed) => Err(Finding::new(
            Rule::Rename,
            format!(
                "it renames {renamed}, and the version that knows the other name fails at once. Never rename in one \
                 step: add the new one, let the new version write both, copy what is there, and contract the old one \
                 in a later release."
            ),
        )),
    }
}
