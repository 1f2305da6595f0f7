//! SQLite's savepoints outside of a transaction: the first one begins it, and its release commits.

use super::open::Open;
use super::{Boundary, State};
use crate::dialect::Dialect;
use sqlparser::ast::Statement;

impl State {
    /// What a statement does to the transaction, from what is open now.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "these are all that begin or end a transaction"
    )]
    pub(crate) fn boundary_of(&mut self, statement: &Statement) -> Option<Boundary> {
        let boundary = match statement {
            Statement::Savepoint { name } if self.dialect == Dialect::Sqlite => {
                return self.savepoint(name.value.to_lowercase());
            }
            Statement::ReleaseSavepoint { name } => {
                return self.release(&name.value.to_lowercase());
            }
            _ => Boundary::of(statement)?,
        };
        if boundary != Boundary::RollbackTo {
            self.savepoints = Open::default();
        }
        Some(boundary)
    }

    fn savepoint(&mut self, name: String) -> Option<Boundary> {
        let begins = !self.in_transaction;
        if begins || !self.savepoints.is_empty() {
            self.savepoints.push(name);
        }
        begins.then_some(Boundary::Begin)
    }

    /// Those behind it go with it.
    fn release(&mut self, name: &str) -> Option<Boundary> {
        let closed = self.savepoints.close(name);
        (closed && self.savepoints.is_empty()).then_some(Boundary::Commit { chain: false })
    }
}
