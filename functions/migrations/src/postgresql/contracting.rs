//! The step after the old version is gone: what can be read may run, but for what is no contraction.

use super::names::Table;
use super::reasons::{self, environment, renamed, renames};
use super::tree::holds;
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
        Stmt::Copy(copy) => reasons::copy(copy),
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
