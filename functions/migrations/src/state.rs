//! What a text has done so far: no running version knows what it has made, so that may change freely.

mod boundary;
mod names;
mod remember;
mod savepoints;

pub(crate) use boundary::{Boundary, is_harmless};
pub(crate) use names::joined;

use crate::column::Added;
use crate::dialect::Dialect;
use sqlparser::ast::ObjectName;
use std::collections::{HashMap, HashSet};

/// What later statements are judged by. Names are kept as [`names::key`] spells them: two that look alike and are not
/// surely the same count as different.
pub(crate) struct State {
    dialect: Dialect,
    made: HashMap<String, Lifetime>,
    made_if_missing: HashSet<String>,
    /// By table and column.
    added: HashMap<(String, String), Added>,
    /// Tables with a constraint that the text has checked.
    validated: HashSet<String>,
    /// Constraints that the text has added without a check.
    unchecked: HashSet<String>,
    in_transaction: bool,
    /// Those that are open, where the first of them began the transaction.
    savepoints: Vec<String>,
    /// Whether the open transaction holds a lock that stops all others.
    holds_lock: bool,
    lock_timeout: bool,
    /// What it was before the open transaction changed it for itself.
    timeout_before: Option<bool>,
    /// Whether the open transaction has changed what names mean, perhaps only until it ends.
    renames_in_transaction: bool,
}

/// How long a table stands that the text has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    Lasting,
    /// Until the transaction ends; then its name means another table again.
    Transaction,
}

impl State {
    pub(crate) fn new(dialect: Dialect) -> State {
        State {
            dialect,
            made: HashMap::new(),
            made_if_missing: HashSet::new(),
            added: HashMap::new(),
            validated: HashSet::new(),
            unchecked: HashSet::new(),
            in_transaction: false,
            savepoints: Vec::new(),
            holds_lock: false,
            lock_timeout: false,
            timeout_before: None,
            renames_in_transaction: false,
        }
    }

    /// Whose SQL the text is.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Whether the text has made this table, and no other may have the name now.
    pub(crate) fn made(&self, table: &ObjectName) -> bool {
        self.made_key(&names::key(table, self.dialect))
    }

    /// Whether the text has made this table where there was none: it may be an old one.
    pub(crate) fn made_if_missing(&self, table: &ObjectName) -> bool {
        self.made_if_missing
            .contains(&names::key(table, self.dialect))
    }

    /// Whether the text has added this column, or made the whole table.
    pub(crate) fn added(&self, table: &ObjectName, column: &str) -> bool {
        self.made(table) || self.added_column(table, column).is_some()
    }

    /// What the column is like that the text has added to a table it has not made.
    pub(crate) fn added_column(&self, table: &ObjectName, column: &str) -> Option<Added> {
        let table = names::key(table, self.dialect);
        let added = self
            .added
            .get(&(table, names::column(column, self.dialect)));
        added.copied()
    }

    /// Whether a BEGIN has not ended yet.
    pub(crate) fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// Whether the open transaction holds a lock on a table that stops all others.
    pub(crate) fn holds_lock(&self) -> bool {
        self.in_transaction && self.holds_lock
    }

    /// Whether something limits how long a statement waits for its lock.
    pub(crate) fn has_lock_timeout(&self) -> bool {
        self.lock_timeout
    }

    pub(crate) fn made_key(&self, table: &str) -> bool {
        self.made.contains_key(table)
    }

    pub(crate) fn added_key(&self, table: &str, column: &str) -> bool {
        let key = (table.to_owned(), names::column(column, self.dialect));
        self.made_key(table) || self.added.contains_key(&key)
    }

    pub(crate) fn is_validated(&self, table: &str) -> bool {
        self.validated.contains(table)
    }

    pub(crate) fn is_unchecked(&self, constraint: &str) -> bool {
        self.unchecked.contains(constraint)
    }

    pub(crate) fn make(&mut self, table: String, lifetime: Lifetime) {
        if lifetime == Lifetime::Lasting || self.in_transaction {
            self.made.insert(table, lifetime);
        }
    }

    /// A table is gone: its name, however it is written, may mean another one now.
    pub(crate) fn unmake(&mut self, table: &str) {
        let dropped = names::last(table);
        self.made.retain(|made, _| names::last(made) != dropped);
        self.made_if_missing
            .retain(|made| names::last(made) != dropped);
        self.added
            .retain(|(made, _), _| names::last(made) != dropped);
    }

    pub(crate) fn validate(&mut self, table: String) {
        self.validated.insert(table);
    }

    pub(crate) fn leave_unchecked(&mut self, constraint: String) {
        self.unchecked.insert(constraint);
    }

    pub(crate) fn take_lock(&mut self) {
        self.holds_lock = true;
    }

    pub(crate) fn limit_locks(&mut self, limited: bool) {
        self.lock_timeout = limited;
    }

    /// The same until the transaction ends; without one it does nothing.
    pub(crate) fn limit_locks_locally(&mut self, limited: bool) {
        if self.in_transaction {
            self.timeout_before.get_or_insert(self.lock_timeout);
            self.lock_timeout = limited;
        }
    }

    /// A setting by which names may mean other tables, from here on and again when the transaction ends.
    pub(crate) fn mean_others(&mut self) {
        self.renames_in_transaction = self.in_transaction;
        self.forget();
    }

    /// From here on every name may mean another table.
    pub(crate) fn forget(&mut self) {
        self.made.clear();
        self.made_if_missing.clear();
        self.added.clear();
        self.validated.clear();
        self.unchecked.clear();
    }
}

#[cfg(test)]
#[path = "state/tests.rs"]
mod tests;
