//! A constraint that is added to a table which the old version writes.

use crate::alter::Table;
use crate::column::Added;
use crate::problem::Finding;
use crate::{names, reason};
use sqlparser::ast::{
    BinaryOperator, ConstraintReferenceMatchKind, CreateIndex, Expr, Ident, InTarget, IndexColumn,
    NullsDistinctOption, TableConstraint,
};

/// Refuses a constraint, unless rows that do not name its columns always fit.
pub(crate) fn check(constraint: &TableConstraint, table: &Table) -> Result<(), Finding> {
    let (what, fits) = match constraint {
        TableConstraint::Index(_) | TableConstraint::FulltextOrSpatial(_) => return Ok(()),
        TableConstraint::Unique(unique) => {
            let nulls_differ = unique.nulls_distinct != NullsDistinctOption::NotDistinct;
            (
                "a UNIQUE constraint",
                nulls_differ && some_empty(&unique.columns, |name| table.added(name)),
            )
        }
        TableConstraint::ForeignKey(key) => {
            let any = key.columns.iter().any(|column| is_empty(column, table));
            let full = key.match_kind == Some(ConstraintReferenceMatchKind::Full);
            ("a foreign key", any && !full)
        }
        TableConstraint::PrimaryKey(_) | TableConstraint::PrimaryKeyUsingIndex(_) => {
            ("a primary key", false)
        }
        TableConstraint::UniqueUsingIndex(_) => ("a UNIQUE constraint", false),
        TableConstraint::Check(check) => ("a CHECK constraint", minds_no_null(&check.expr, table)),
        TableConstraint::Exclude(_) => ("an EXCLUDE constraint", false),
    };
    if fits {
        Ok(())
    } else {
        Err(reason::constrained(what, &names::object(table.name)))
    }
}

/// Refuses a unique index that rows of the old version may not fit; `added` knows the columns of the same text.
pub(crate) fn check_index(
    index: &CreateIndex,
    added: impl Fn(&str) -> Option<Added>,
) -> Result<(), Finding> {
    let nulls_differ = index.nulls_distinct != Some(false);
    if !index.unique || (nulls_differ && some_empty(&index.columns, added)) {
        return Ok(());
    }
    let table = names::object(&index.table_name);
    Err(reason::constrained("a unique index", &table))
}

/// Whether rows of the old version have NULL in one of the columns: two of them never collide then.
fn some_empty(columns: &[IndexColumn], added: impl Fn(&str) -> Option<Added>) -> bool {
    let mut columns = columns.iter();
    columns.any(|column| {
        matches!(&column.column.expr, Expr::Identifier(name) if added(&name.value).is_some_and(Added::is_empty))
    })
}

fn is_empty(column: &Ident, table: &Table) -> bool {
    table.added(&column.value).is_some_and(Added::is_empty)
}

/// Whether a check is of columns alone that are NULL in rows of the old version, and lets NULL pass.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may not be NULL where a column is"
)]
fn minds_no_null(check: &Expr, table: &Table) -> bool {
    let within = |inner: &Expr| minds_no_null(inner, table);
    match check {
        Expr::Nested(inner) => within(inner),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And | BinaryOperator::Or,
            right,
        } => within(left) && within(right),
        Expr::BinaryOp { left, op, right } if compares(op) => {
            is_of_new(left, table) && is_new_or_value(right, table)
                || is_new_or_value(left, table) && is_of_new(right, table)
        }
        Expr::Between {
            expr, low, high, ..
        } => {
            let values = is_new_or_value(low, table) && is_new_or_value(high, table);
            is_of_new(expr, table) && values
        }
        Expr::In {
            expr,
            target: InTarget::List(list),
            ..
        } => is_of_new(expr, table) && list.iter().all(|value| is_new_or_value(value, table)),
        _ => false,
    }
}

fn compares(operator: &BinaryOperator) -> bool {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq, NotEq};
    matches!(operator, Eq | NotEq | Gt | GtEq | Lt | LtEq)
}

fn is_of_new(expression: &Expr, table: &Table) -> bool {
    matches!(expression, Expr::Identifier(name) if is_empty(name, table))
}

fn is_new_or_value(expression: &Expr, table: &Table) -> bool {
    matches!(expression, Expr::Value(_)) || is_of_new(expression, table)
}
