//! Where a transaction begins and ends without saying so: in MySQL without autocommit, and by SQLite's savepoints outside
//! of one, of which the first begins it, and its release commits.

use super::boundary::{autocommit, commits};
use super::open::Open;
use super::{Boundary, State};
use crate::dialect::Dialect;
use sqlparser::ast::Statement;

impl State {
    /// What a statement does to the transaction, from what is open now.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "the others have nothing to do with savepoints"
    )]
    pub(crate) fn boundary_of(&mut self, statement: &Statement) -> Option<Boundary> {
        let boundary = match statement {
            Statement::Savepoint { name } if self.dialect == Dialect::Sqlite => {
                return self.savepoint(name.value.to_lowercase());
            }
            Statement::ReleaseSavepoint { name } => {
                return self.release(&name.value.to_lowercase());
            }
            _ if self.dialect == Dialect::Mysql => self.of_mysql(statement)?,
            _ => Boundary::of(statement)?,
        };
        if boundary != Boundary::RollbackTo {
            self.savepoints = Open::default();
        }
        Some(boundary)
    }

    /// Without autocommit the next transaction begins wherever one ends.
    fn of_mysql(&mut self, statement: &Statement) -> Option<Boundary> {
        if let Some(is_on) = autocommit(statement) {
            self.autocommit_off = !is_on;
        }
        let boundary = if commits(statement) {
            Boundary::Commit { chain: false }
        } else {
            Boundary::of(statement)?
        };
        let off = self.autocommit_off;
        Some(match boundary {
            Boundary::Commit { chain } => Boundary::Commit {
                chain: chain || off,
            },
            Boundary::Rollback { chain } => Boundary::Rollback {
                chain: chain || off,
            },
            Boundary::Begin | Boundary::RollbackTo => boundary,
        })
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
