//! A column that is added in a way that the other parser cannot read.

use super::columns;
use super::names::{Table, column};
use super::tree::{has, holds, plain};
use crate::names;
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{AddColumn, AstNode, DefaultConstraint, Expr, GeneratedConstraint};

/// Refuses a column that rows of the old version could not have.
pub(super) fn in_expand(added: &AddColumn, table: &Table) -> Option<Finding> {
    use SyntaxKind as Kind;
    let what = format!("the column `{}`", column(added.column_name()));
    let node = added.syntax();
    let constrained = |what: &str| Some(reason::constrained(what, &table.to_string()));
    let (filled, required) = (is_filled(added), is_required(added));
    let unique = has(node, Kind::UNIQUE_CONSTRAINT);
    let equal = filled || required || holds(node, Kind::NULLS_NOT_DISTINCT);
    if (unique && equal) || has(node, Kind::PRIMARY_KEY_CONSTRAINT) {
        return constrained(&format!("{what}, which must be unique,"));
    }
    if has(node, Kind::CHECK_CONSTRAINT) || (filled && has(node, Kind::REFERENCES_CONSTRAINT)) {
        return constrained(&format!("{what} with a rule that its rows may not fit"));
    }
    (required && (!filled || is_computed(added))).then(|| {
        let reason = format!(
            "the added column `{}` of {table} is NOT NULL and may stay empty, so the old version, which does not know \
             it, cannot insert any more. Let it be NULL or give it a DEFAULT, and make it NOT NULL when contracting.",
            column(added.column_name())
        );
        Finding::new(Rule::Require, reason)
    })
}

/// Refuses a column that is no contraction.
pub(super) fn in_contract(added: &AddColumn, table: &Table) -> Option<Finding> {
    (is_required(added) && !is_filled(added)).then(|| {
        let column = names::quoted(&column(added.column_name()));
        reason::required(&column, &table.to_string())
    })
}

fn is_required(added: &AddColumn) -> bool {
    let node = added.syntax();
    has(node, SyntaxKind::NOT_NULL_CONSTRAINT)
        || has(node, SyntaxKind::PRIMARY_KEY_CONSTRAINT)
        || columns::is_serial(added.ty())
}

/// Whether a row that does not name the column gets a value there.
fn is_filled(added: &AddColumn) -> bool {
    let mut parts = added.syntax().children();
    let default = parts.find_map(DefaultConstraint::cast);
    let value = default.and_then(|it| it.expr());
    value.is_some_and(|value| !is_null(&value))
        || has(added.syntax(), SyntaxKind::GENERATED_CONSTRAINT)
        || columns::is_serial(added.ty())
}

/// Whether its value comes from other columns.
fn is_computed(added: &AddColumn) -> bool {
    let mut parts = added.syntax().children();
    let generated = parts.find_map(GeneratedConstraint::cast);
    generated.is_some_and(|it| it.generated_as().is_some())
}

/// Whether a value is NULL, however it is wrapped.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other expression is a value"
)]
pub(super) fn is_null(value: &Expr) -> bool {
    let inner = match value {
        Expr::CastExpr(cast) => cast.expr(),
        Expr::ParenExpr(paren) => paren.expr(),
        _ => return plain(value).trim().eq_ignore_ascii_case("null"),
    };
    inner.is_some_and(|inner| is_null(&inner))
}
