//! Why a statement may not run.

use std::fmt;

/// Something that must be changed before a text may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the statement begins, counted from 1.
    pub line: usize,
    /// The statement on one line, shortened.
    pub statement: String,
    /// What was found, why it matters to the version that still runs, and what to do instead.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Problem {
            line,
            statement,
            reason,
        } = self;
        write!(f, "line {line}: {statement}: {reason}")
    }
}
