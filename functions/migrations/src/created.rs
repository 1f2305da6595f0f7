//! The tables that were created earlier in the same text: no running version knows them, so they may change freely.

use sqlparser::ast::{ObjectName, Statement};
use std::collections::HashSet;

/// A name counts only as it was written, since each database has rules of its own for what names the same table.
#[derive(Default)]
pub(crate) struct Created(HashSet<String>);

impl Created {
    pub(crate) fn contains(&self, table: &ObjectName) -> bool {
        self.0.contains(&table.to_string())
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "only two of more than a hundred kinds change what is known"
    )]
    pub(crate) fn remember(&mut self, statement: &Statement) {
        match statement {
            // With IF NOT EXISTS the table may be an old one.
            Statement::CreateTable(table) if !table.if_not_exists => {
                self.0.insert(table.name.to_string());
            }
            // It may set the search path, and then a name means another table.
            Statement::Set(_) => self.0.clear(),
            _ => {}
        }
    }
}
