//! What a text has done so far: no running version knows what it has made, so that may change freely.

mod boundary;
mod kept;
mod names;
mod open;
mod remember;
mod savepoints;

pub(crate) use boundary::{Boundary, is_harmless};
pub(crate) use names::joined;

use crate::column::Added;
use crate::dialect::Dialect;
use kept::Kept;
use open::Open;
use sqlparser::ast::ObjectName;
use std::collections::{HashMap, HashSet};

/// Bytes that a name of PostgreSQL has at most, and one more.
const NAME: usize = 64;

/// What later statements are judged by. Names are kept as [`names::key`] spells them: two that look alike and are not
/// surely the same count as different.
pub(crate) struct State {
    dialect: Dialect,
    made: Kept<Lifetime>,
    /// Those that were made until the open transaction ends.
    passing: Vec<String>,
    made_if_missing: Kept<()>,
    /// By column.
    added: Kept<HashMap<String, Added>>,
    /// Tables with a constraint that the text has checked.
    validated: HashSet<String>,
    /// Constraints that the text has added without a check.
    unchecked: HashSet<String>,
    in_transaction: bool,
    /// Those that are open, where the first of them began the transaction.
    savepoints: Open,
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
            made: Kept::default(),
            passing: Vec::new(),
            made_if_missing: Kept::default(),
            added: Kept::default(),
            validated: HashSet::new(),
            unchecked: HashSet::new(),
            in_transaction: false,
            savepoints: Open::default(),
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
        let key = names::key(table, self.dialect);
        self.made_if_missing.get(&key).is_some()
    }

    /// Whether the text has added this column, or made the whole table.
    pub(crate) fn added(&self, table: &ObjectName, column: &str) -> bool {
        self.made(table) || self.added_column(table, column).is_some()
    }

    /// What the column is like that the text has added to a table it has not made.
    pub(crate) fn added_column(&self, table: &ObjectName, column: &str) -> Option<Added> {
        let columns = self.added.get(&names::key(table, self.dialect))?;
        columns.get(&names::column(column, self.dialect)).copied()
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
        self.made.get(table).is_some()
    }

    /// Whether the text has made a sequence, or the table that it belongs to by the name that PostgreSQL gives one.
    pub(crate) fn made_sequence(&self, sequence: &str) -> bool {
        let sequence = names::last(&sequence.replace('.', &joined([String::new(), String::new()])));
        let ends = sequence.match_indices('_').map(|(end, _)| end);
        let tables = ends.take(NAME).filter_map(|end| sequence.get(..end));
        self.made.has_last(&sequence) || tables.into_iter().any(|it| self.made.has_last(it))
    }

    pub(crate) fn added_key(&self, table: &str, column: &str) -> bool {
        let column = names::column(column, self.dialect);
        let columns = self.added.get(table);
        self.made_key(table) || columns.is_some_and(|it| it.contains_key(&column))
    }

    pub(crate) fn is_validated(&self, table: &str) -> bool {
        self.validated.contains(table)
    }

    pub(crate) fn is_unchecked(&self, constraint: &str) -> bool {
        self.unchecked.contains(constraint)
    }

    pub(crate) fn make(&mut self, table: String, lifetime: Lifetime) {
        if lifetime == Lifetime::Lasting || self.in_transaction {
            if lifetime == Lifetime::Transaction {
                self.passing.push(table.clone());
            }
            self.made.insert(table, lifetime);
        }
    }

    /// A table is gone: its name, however it is written, may mean another one now.
    pub(crate) fn unmake(&mut self, table: &str) {
        self.made.remove_alike(table);
        self.made_if_missing.remove_alike(table);
        self.added.remove_alike(table);
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
        self.made = Kept::default();
        self.passing.clear();
        self.made_if_missing = Kept::default();
        self.added = Kept::default();
        self.validated.clear();
        self.unchecked.clear();
    }
}

#[cfg(test)]
#[path = "state/tests.rs"]
mod tests;
