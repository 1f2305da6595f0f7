//! A table that is altered.

use crate::column::Added;
use crate::state::{State, mentions, rule_of};
use sqlparser::ast::{AlterTable, AlterTableOperation, ObjectName};

/// The table, and what the text has added to it, also in the same statement.
pub(crate) struct Table<'a> {
    pub(crate) name: &'a ObjectName,
    pub(crate) state: &'a State,
    own: Vec<(&'a str, Added)>,
    rules: Vec<String>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(alter: &'a AlterTable, state: &'a State) -> Table<'a> {
        let operations = alter.operations.iter();
        let own = operations.clone().filter_map(added_column).collect();
        Table {
            name: &alter.name,
            state,
            own,
            rules: operations.filter_map(rule_of).collect(),
        }
    }

    /// What a column is like that the text has added.
    pub(crate) fn added(&self, column: &str) -> Option<Added> {
        let mut own = self.own.iter();
        let own = own.find(|(name, _)| *name == column);
        own.map(|(_, added)| *added)
            .or_else(|| self.state.added_column(self.name, column))
    }

    /// Whether the text has a rule for a column, wherever in the same statement.
    pub(crate) fn is_ruled(&self, column: &str) -> bool {
        let mut own = self.rules.iter();
        own.any(|rule| mentions(rule, column)) || self.state.is_ruled(self.name, column)
    }
}

fn added_column(operation: &AlterTableOperation) -> Option<(&str, Added)> {
    if let AlterTableOperation::AddColumn { column_def, .. } = operation {
        Some((column_def.name.value.as_str(), Added::of(column_def)))
    } else {
        None
    }
}
