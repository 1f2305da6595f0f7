//! The rules that a text adds to tables: a column that is added without a default fits most of them, until it gets one.

use super::{State, names};
use crate::ruled::mentions;
use sqlparser::ast::ObjectName;

impl State {
    /// Keeps the rules of a table. They are never forgotten, since they only refuse.
    pub(crate) fn rule(&mut self, table: &str, rules: impl IntoIterator<Item = String>) {
        let kept = self.rules.entry(names::last(table)).or_default();
        kept.extend(rules);
    }

    /// Whether the text has added a rule to a table that may be this one, and names the column there.
    pub(crate) fn is_ruled(&self, table: &ObjectName, column: &str) -> bool {
        self.is_ruled_key(&names::key(table, self.dialect), column)
    }

    pub(crate) fn is_ruled_key(&self, table: &str, column: &str) -> bool {
        let rules = self.rules.get(&names::last(table));
        rules.is_some_and(|rules| rules.iter().any(|rule| mentions(rule, column)))
    }
}
