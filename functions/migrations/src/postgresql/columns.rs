//! What waits while a column is added.

use super::blocks::blocks_all;
use super::calls;
use super::names::{Table, column};
use super::tree::{has, holds, plain};
use crate::problem::Finding;
use squawk_linter::{Linter, Rule};
use squawk_syntax::SourceFile;
use squawk_syntax::SyntaxKind as Kind;
use squawk_syntax::ast::{AddColumn, AstNode, CallExpr, DefaultConstraint, Expr, Type};

pub(super) fn added(added: &AddColumn, table: &Table) -> Option<Finding> {
    let node = added.syntax();
    let name = column(added.column_name());
    if has(node, Kind::UNIQUE_CONSTRAINT) || has(node, Kind::PRIMARY_KEY_CONSTRAINT) {
        return Some(blocks_all(&format!(
            "it builds an index of {table}, and reads and writes wait until it is built. Add `{name}` alone, then CREATE \
             UNIQUE INDEX CONCURRENTLY"
        )));
    }
    if is_written(added) {
        return Some(blocks_all(&format!(
            "it writes {table} anew, since each row gets its own value in `{name}`, and reads and writes wait until that \
             is done. Add the column without it, set the DEFAULT after that, and fill old rows in batches"
        )));
    }
    if has(node, Kind::CHECK_CONSTRAINT) {
        return Some(blocks_all(&format!(
            "it checks every row of {table}, and reads and writes wait until that is done. Add `{name}` alone, then the \
             CHECK NOT VALID"
        )));
    }
    // Where it is NULL in every row there is nothing to check.
    let checked = has(node, Kind::REFERENCES_CONSTRAINT) && has(node, Kind::DEFAULT_CONSTRAINT);
    checked.then(|| {
        blocks_all(&format!(
            "it checks every row of {table}, and reads and writes wait until that is done. Add `{name}` alone, then the \
             foreign key NOT VALID, and VALIDATE it in another file"
        ))
    })
}

/// Whether every row is written.
fn is_written(added: &AddColumn) -> bool {
    let node = added.syntax();
    let serial = is_serial(added.ty());
    let generated = node
        .children()
        .find(|it| it.kind() == Kind::GENERATED_CONSTRAINT);
    let stored =
        generated.is_some_and(|it| holds(&it, Kind::STORED_KW) || holds(&it, Kind::IDENTITY_KW));
    let default = node.children().find_map(DefaultConstraint::cast);
    let default = default.and_then(|it| it.expr());
    serial || stored || default.is_some_and(|value| is_volatile(&value))
}

pub(super) fn is_serial(ty: Option<Type>) -> bool {
    ty.is_some_and(|ty| crate::column::is_serial(&plain(&ty)))
}

/// Whether a default may be another value in each row, which only a function brings about.
fn is_volatile(value: &Expr) -> bool {
    let mut calls = value.syntax().descendants().filter_map(CallExpr::cast);
    calls.any(|call| calls::name(&call).is_none_or(|name| is_volatile_function(&name)))
}

/// Squawk's linter knows PostgreSQL's own functions that are not.
fn is_volatile_function(name: &str) -> bool {
    let sql = format!("ALTER TABLE a ADD COLUMN b text DEFAULT {name}()");
    let mut linter = Linter::from([Rule::AddingFieldWithDefault]);
    !linter.lint(&SourceFile::parse(&sql), &sql).is_empty()
}
