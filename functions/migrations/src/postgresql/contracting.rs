//! The step after the old version is gone: what can be read may run, but for what is no contraction.

use super::reasons::{self, cascade, changes_rows, environment, object, renamed, renames};
use super::tree::holds;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::{reason, settings};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{AstNode, Stmt};

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "everything else may run once the old version is gone"
)]
pub(super) fn judge(statement: &Stmt) -> Option<Finding> {
    let node = statement.syntax();
    match statement {
        // What they hold runs later.
        Stmt::CreateFunction(_) | Stmt::CreateProcedure(_) | Stmt::CreateRule(_) => None,
        Stmt::AlterIndex(_) => None,
        Stmt::Explain(_) => match node.children().find_map(Stmt::cast) {
            Some(explained) => judge(&explained),
            None => Some(reason::unjudged()),
        },
        Stmt::Prepare(_) | Stmt::Execute(_) | Stmt::Call(_) | Stmt::Load(_) | Stmt::Truncate(_) => {
            Some(reason::unjudged())
        }
        Stmt::Copy(copy) => reasons::copy(copy),
        Stmt::DropOwned(_) | Stmt::DropSchema(_) | Stmt::DropDatabase(_) => Some(
            reason::no_contraction(Rule::Drop, "it drops everything there is"),
        ),
        _ if renames(node) => Some(renamed(&format!("{} or a part of it", object(node)))),
        _ if changes_rows(node) => Some(reason::unjudged()),
        _ if holds(node, SyntaxKind::OWNER_TO) => {
            environment(node).or_else(|| Some(settings::changes_owner(&object(node))))
        }
        _ => cascade(node).or_else(|| environment(node)),
    }
}
