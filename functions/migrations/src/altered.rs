//! A table that is altered.

use crate::column::Added;
use crate::state::State;
use sqlparser::ast::{AlterTable, AlterTableOperation, ObjectName};

/// The table, and what the text has added to it, also in the same statement.
pub(crate) struct Table<'a> {
    pub(crate) name: &'a ObjectName,
    pub(crate) state: &'a State,
    own: Vec<(&'a str, Added)>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(alter: &'a AlterTable, state: &'a State) -> Table<'a> {
        let own = alter.operations.iter().filter_map(added_column).collect();
        Table {
            name: &alter.name,
            state,
            own,
        }
    }

    /// What a column is like that the text has added.
    pub(crate) fn added(&self, column: &str) -> Option<Added> {
        let mut own = self.own.iter();
        let own = own.find(|(name, _)| *name == column);
        own.map(|(_, added)| *added)
            .or_else(|| self.state.added_column(self.name, column))
    }
}

fn added_column(operation: &AlterTableOperation) -> Option<(&str, Added)> {
    if let AlterTableOperation::AddColumn { column_def, .. } = operation {
        Some((column_def.name.value.as_str(), Added::of(column_def)))
    } else {
        None
    }
}
