//! A table that is altered.

use crate::column::Added;
use crate::ruled::{mentions, rule_of};
use crate::state::{State, column};
use sqlparser::ast::{AlterTable, AlterTableOperation, Ident, ObjectName};
use std::collections::HashMap;

/// The table, and what the text has added to it, also in the same statement.
pub(crate) struct Table<'a> {
    pub(crate) name: &'a ObjectName,
    pub(crate) state: &'a State,
    /// What the statement makes of columns that the text has added, when all of it is done.
    own: HashMap<String, Added>,
    rules: Vec<String>,
}

impl<'a> Table<'a> {
    pub(crate) fn new(alter: &'a AlterTable, state: &'a State) -> Table<'a> {
        let operations = alter.operations.iter();
        let mut table = Table {
            name: &alter.name,
            state,
            own: HashMap::new(),
            rules: operations.clone().filter_map(rule_of).collect(),
        };
        operations.for_each(|operation| table.apply(operation));
        table
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "the other operations add no column, or say one anew"
    )]
    fn apply(&mut self, operation: &AlterTableOperation) {
        let (name, added) = match operation {
            AlterTableOperation::AddColumn {
                column_def,
                if_not_exists: false,
                ..
            } => (&column_def.name, Added::of(column_def)),
            AlterTableOperation::AlterColumn { column_name, op } => match self.added(column_name) {
                Some(added) => (column_name, added.after(op)),
                None => return,
            },
            _ => return,
        };
        self.own.insert(column(name, self.state.dialect()), added);
    }

    /// What a column is like that the text has added, after this statement.
    pub(crate) fn added(&self, name: &Ident) -> Option<Added> {
        let own = self.own.get(&column(name, self.state.dialect()));
        own.copied().or_else(|| self.added_before(name))
    }

    /// What a column was like that the text has added, before this statement: it drops no other, nor gives one another
    /// type.
    pub(crate) fn added_before(&self, name: &Ident) -> Option<Added> {
        self.state.added_column(self.name, name)
    }

    /// Whether the text has a rule for a column, wherever in the same statement.
    pub(crate) fn is_ruled(&self, column: &str) -> bool {
        let mut own = self.rules.iter();
        own.any(|rule| mentions(rule, column)) || self.state.is_ruled(self.name, column)
    }
}
