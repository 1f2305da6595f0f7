//! The step after the old version is gone: what can be read may run, but for what is no contraction.

use super::additive::{self, renamed};
use super::names::Table;
use super::tree::{has, holds};
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::state::State;
use squawk_syntax::SyntaxKind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AstNode, Stmt};

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "everything else may run once the old version is gone"
)]
pub(super) fn judge(statement: &Stmt, state: &State) -> Vec<Finding> {
    let node = statement.syntax();
    let found = match statement {
        Stmt::AlterTable(table)
            if Table::of(table.table_relation_name()).is_some_and(|it| it.is_made(state)) =>
        {
            None
        }
        Stmt::AlterIndex(_) => None,
        Stmt::Prepare(_) | Stmt::Execute(_) | Stmt::Call(_) | Stmt::Load(_) => {
            Some(reason::unknown())
        }
        Stmt::Copy(copy) => additive::copy(copy),
        Stmt::DropOwned(_) | Stmt::DropSchema(_) | Stmt::DropDatabase(_) => {
            Some(everything("it drops everything there is"))
        }
        _ if renames(node) => Some(renamed("something")),
        _ if is_drop(node) && holds(node, SyntaxKind::CASCADE_KW) => {
            Some(everything("it drops whatever depends on it too (CASCADE)"))
        }
        _ => environment(node),
    };
    found.into_iter().collect()
}

fn everything(found: &str) -> Finding {
    let reason = format!(
        "{found}, and that is not contracting: the new version works with what would be lost. Drop the columns and \
         tables that it does not use any more, one by one."
    );
    Finding::new(Rule::Drop, reason)
}

fn is_drop(node: &SyntaxNode) -> bool {
    format!("{:?}", node.kind()).starts_with("DROP_") || node.kind() == SyntaxKind::ALTER_TABLE
}

/// A rename of what is not a constraint, which no version names.
pub(super) fn renames(node: &SyntaxNode) -> bool {
    use SyntaxKind::{RENAME_CONSTRAINT, SET_SCHEMA};
    let mut parts = node.descendants();
    parts.any(|it| {
        it.kind() == SET_SCHEMA
            || (has(&it, SyntaxKind::RENAME_KW) && it.kind() != RENAME_CONSTRAINT)
    })
}

/// Rights that are taken, and settings of more than the session.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a few of some thousand kinds reach beyond the session"
)]
pub(super) fn environment(node: &SyntaxNode) -> Option<Finding> {
    use SyntaxKind as Kind;
    let what = match node.kind() {
        Kind::REVOKE => {
            "it takes rights, which the version that runs may need. Take them when no version uses them"
        }
        Kind::ALTER_ROLE | Kind::ALTER_USER | Kind::ALTER_GROUP => {
            "it changes a role, with which the version that runs may log in. Create another role for the new version"
        }
        Kind::ALTER_DATABASE | Kind::ALTER_SYSTEM | Kind::ALTER_TABLESPACE => {
            "it changes a setting of the whole database, which holds for the version that runs too. Set it for the \
             session, or change it apart from a release"
        }
        Kind::ALTER_DEFAULT_PRIVILEGES => {
            "it changes who may use what is created later. Change it apart from a release"
        }
        Kind::REASSIGN => "it changes who may use many things. Change it apart from a release",
        Kind::COMMIT_PREPARED | Kind::ROLLBACK_PREPARED => {
            "it ends a transaction that somebody else has prepared. Let whoever prepared it end it"
        }
        _ => return None,
    };
    Some(Finding::new(Rule::Environment, format!("{what}.")))
}
