//! What a text has done so far: no running version knows what it has made, so that may change freely.

mod boundary;
mod kept;
mod names;
mod open;
mod remember;
mod rules;
mod savepoints;

pub(crate) use boundary::{Boundary, is_harmless};
pub(crate) use names::{column, joined};

use crate::column::Added;
use crate::dialect::Dialect;
use kept::Kept;
use open::Open;
use sqlparser::ast::{Ident, ObjectName};
use std::collections::{HashMap, HashSet};

/// What later statements are judged by. Names are kept as [`names::key`] spells them: two that look alike and are not
/// surely the same count as different.
#[derive(Clone)]
pub(crate) struct State {
    dialect: Dialect,
    made: Kept<Lifetime>,
    /// Those that were made until the open transaction ends.
    passing: Vec<String>,
    made_if_missing: Kept<()>,
    /// By column.
    added: Kept<HashMap<String, Added>>,
    /// The rules that the text has added, by the table's last name.
    rules: HashMap<String, Vec<String>>,
    /// Tables with a constraint, not added by the text, that it has checked.
    validated: HashSet<String>,
    /// By table and column: where the text has found that there is no NULL.
    never_null: HashSet<(String, String)>,
    /// Constraints that the text has added without a check, and of which column they say that it is never NULL.
    unchecked: HashMap<String, Option<String>>,
    /// How often names may have come to mean other tables.
    forgets: usize,
    in_transaction: bool,
    autocommit_off: bool,
    /// Those that are open, where the first of them began the transaction.
    savepoints: Open,
    /// The table on which the open transaction holds a lock that stops all others, as it is shown.
    locked: Option<String>,
    lock_timeout: bool,
    /// Whether a limit was set for a transaction that the text does not begin.
    local_without_begin: bool,
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
            rules: HashMap::new(),
            validated: HashSet::new(),
            never_null: HashSet::new(),
            unchecked: HashMap::new(),
            forgets: 0,
            in_transaction: false,
            autocommit_off: false,
            savepoints: Open::default(),
            locked: None,
            lock_timeout: false,
            local_without_begin: false,
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
        self.made_if_missing_key(&names::key(table, self.dialect))
    }

    pub(crate) fn made_if_missing_key(&self, table: &str) -> bool {
        self.made_if_missing.get(table).is_some()
    }

    /// Whether the text has added this column, or made the whole table.
    pub(crate) fn added(&self, table: &ObjectName, column: &Ident) -> bool {
        self.made(table) || self.added_column(table, column).is_some()
    }

    /// What the column is like that the text has added to a table it has not made.
    pub(crate) fn added_column(&self, table: &ObjectName, column: &Ident) -> Option<Added> {
        let columns = self.added.get(&names::key(table, self.dialect))?;
        columns.get(&names::column(column, self.dialect)).copied()
    }

    /// Whether a BEGIN has not ended yet.
    pub(crate) fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// The table on which the open transaction holds a lock that stops all others.
    pub(crate) fn locked(&self) -> Option<&str> {
        self.locked.as_deref().filter(|_| self.in_transaction)
    }

    /// Whether something limits how long a statement waits for its lock.
    pub(crate) fn has_lock_timeout(&self) -> bool {
        self.lock_timeout
    }

    /// Whether every name means what it meant in an earlier state.
    pub(crate) fn means_the_same(&self, earlier: &State) -> bool {
        self.forgets == earlier.forgets
    }

    pub(crate) fn made_key(&self, table: &str) -> bool {
        self.made.get(table).is_some()
    }

    /// The same by names as they are kept.
    pub(crate) fn added_key(&self, table: &str, column: &str) -> bool {
        let columns = self.added.get(table);
        self.made_key(table) || columns.is_some_and(|it| it.contains_key(column))
    }

    /// Whether a check may have found that a column is never NULL.
    pub(crate) fn is_validated(&self, table: &str, column: &str) -> bool {
        let key = (table.to_owned(), column.to_owned());
        self.validated.contains(table) || self.never_null.contains(&key)
    }

    pub(crate) fn is_unchecked(&self, constraint: &str) -> bool {
        self.unchecked.contains_key(constraint)
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
        self.forgets += 1;
        self.made.remove_alike(table);
        self.made_if_missing.remove_alike(table);
        self.added.remove_alike(table);
    }

    pub(crate) fn validate(&mut self, table: String, constraint: &str) {
        match self.unchecked.get(constraint) {
            None => {
                self.validated.insert(table);
            }
            Some(None) => {}
            Some(Some(column)) => {
                self.never_null.insert((table, column.clone()));
            }
        }
    }

    /// A constraint that is added without a check; `never_null` is the column of which it says that alone.
    pub(crate) fn leave_unchecked(&mut self, constraint: String, never_null: Option<String>) {
        self.unchecked.insert(constraint, never_null);
    }

    pub(crate) fn take_lock(&mut self, table: String) {
        self.locked.get_or_insert(table);
    }

    pub(crate) fn limit_locks(&mut self, limited: bool) {
        self.timeout_before = None;
        self.lock_timeout = limited;
    }

    /// The same until the transaction ends; without one it does nothing.
    pub(crate) fn limit_locks_locally(&mut self, limited: bool) {
        if self.in_transaction {
            self.timeout_before.get_or_insert(self.lock_timeout);
            self.lock_timeout = limited;
        } else {
            self.local_without_begin = limited;
        }
    }

    /// Whether the text limits a wait by a setting that does nothing, since no transaction is open.
    pub(crate) fn has_local_timeout_only(&self) -> bool {
        self.local_without_begin
    }

    /// A setting by which names may mean other tables, from here on and again when the transaction ends.
    pub(crate) fn mean_others(&mut self) {
        self.renames_in_transaction = self.in_transaction;
        self.forget();
    }

    /// From here on every name may mean another table.
    pub(crate) fn forget(&mut self) {
        self.forgets += 1;
        self.made = Kept::default();
        self.passing.clear();
        self.made_if_missing = Kept::default();
        self.added = Kept::default();
        self.validated.clear();
        self.never_null.clear();
        self.unchecked.clear();
    }
}

#[cfg(test)]
#[path = "state/tests.rs"]
mod tests;
