//! What the server showed of one text.

use crate::watch::Held;
use std::collections::BTreeSet;

/// A statement that reads at least this many rows reads a whole table of `schema.sql`.
const WHOLE_TABLE: i64 = 1_000;

/// What the locks of one text, or of one of its statements, came to.
#[derive(Default, Clone, Debug)]
pub struct Locks {
    /// Locks that make reads or writes of tables wait which the text has not made.
    pub held: BTreeSet<Held>,
    /// Those that were held while a whole table was read or written: for longer, the larger it is.
    pub long: BTreeSet<Held>,
    /// Whether a table or an index got another file.
    pub rewrites: bool,
}

impl Locks {
    /// The locks of a statement that read or wrote so many rows.
    pub fn new(held: BTreeSet<Held>, rows: i64, rewrites: bool) -> Self {
        let mut locks = Self {
            held,
            rewrites,
            ..Self::default()
        };
        if rows >= WHOLE_TABLE {
            locks.long = locks.held.clone();
        }
        locks
    }

    /// Together with those of the next statement.
    pub fn add(&mut self, other: Locks) {
        self.held.extend(other.held);
        self.long.extend(other.long);
        self.rewrites |= other.rewrites;
    }
}

/// All that one text did.
#[derive(Default, Clone, Debug)]
pub struct Truth {
    /// Each statement in a transaction of its own, but for those that the text itself puts together.
    pub alone: Locks,
    /// All statements in one transaction, as tools run a file; empty where the text itself begins one or cannot run so.
    pub together: Locks,
    /// Why the text fails, or what it undoes by itself.
    pub fails: Option<String>,
    /// What the old version can do no more as before.
    pub breaks: Vec<String>,
}

impl Truth {
    /// Whether it runs, and the old version can do all as before.
    pub fn is_quiet(&self) -> bool {
        self.fails.is_none() && self.breaks.is_empty()
    }
}
