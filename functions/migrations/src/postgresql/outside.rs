//! Statements that PostgreSQL refuses inside of a transaction.

use super::tree::{has, holds};
use crate::problem::Finding;
use crate::rule::Rule;
use squawk_syntax::SyntaxKind::{self, CONCURRENTLY_KW};
use squawk_syntax::ast::{AstNode, Stmt};

/// Why a statement fails in a transaction.
pub(crate) fn fails_in_a_transaction(statement: &Stmt) -> Option<Finding> {
    let what = no_part_of_a_transaction(statement)?;
    let reason = format!(
        "{what} fails inside of a transaction. Put it behind the COMMIT, or in a file of its own."
    );
    Some(Finding::new(Rule::Fail, reason))
}

/// What a statement is called, if it cannot run in a transaction.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "all the others can run in a transaction"
)]
fn no_part_of_a_transaction(statement: &Stmt) -> Option<&'static str> {
    let node = statement.syntax();
    let concurrently = holds(node, CONCURRENTLY_KW);
    match statement {
        Stmt::CreateIndex(_) if concurrently => Some("CREATE INDEX CONCURRENTLY"),
        Stmt::DropIndex(_) if concurrently => Some("DROP INDEX CONCURRENTLY"),
        Stmt::Reindex(_) if concurrently => Some("REINDEX CONCURRENTLY"),
        Stmt::Reindex(_)
            if holds(node, SyntaxKind::REINDEX_TARGET_DATABASE)
                || holds(node, SyntaxKind::REINDEX_TARGET_SCHEMA)
                || holds(node, SyntaxKind::REINDEX_TARGET_SYSTEM) =>
        {
            Some("REINDEX of more than one table")
        }
        Stmt::AlterTable(_) if holds(node, SyntaxKind::DETACH_PARTITION) && concurrently => {
            Some("DETACH PARTITION CONCURRENTLY")
        }
        Stmt::Vacuum(_) => Some("VACUUM"),
        Stmt::Cluster(cluster) if cluster.table_name_ref().is_none() => {
            Some("CLUSTER of every table")
        }
        Stmt::CreateDatabase(_) => Some("CREATE DATABASE"),
        Stmt::DropDatabase(_) => Some("DROP DATABASE"),
        Stmt::CreateTablespace(_) => Some("CREATE TABLESPACE"),
        Stmt::DropTablespace(_) => Some("DROP TABLESPACE"),
        Stmt::AlterSystem(_) => Some("ALTER SYSTEM"),
        Stmt::Discard(_) if has(node, SyntaxKind::ALL_KW) => Some("DISCARD ALL"),
        _ => None,
    }
}
