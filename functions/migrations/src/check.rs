//! A `CHECK` on a table that the old version writes: whether rows which do not name an added column always fit.

use crate::altered::Table;
use crate::column::Added;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, InTarget,
    UnaryOperator,
};

/// Functions that are NULL where an argument is.
const STRICT: [&str; 14] = [
    "abs",
    "btrim",
    "ceil",
    "char_length",
    "date",
    "floor",
    "json_valid",
    "jsonb_typeof",
    "length",
    "lower",
    "octet_length",
    "round",
    "trim",
    "upper",
];

/// Whether a row of the old version fits: it has NULL in an added column, or always the same value, which the database has
/// found to fit if it has checked (`not_valid` is false).
pub(crate) fn fits(check: &Expr, table: &Table, not_valid: bool) -> bool {
    passes_null(check, table) || (!not_valid && is_about_constants(check, table))
}

/// Whether it is true or NULL where the added columns are NULL.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may be false where a column is NULL"
)]
fn passes_null(check: &Expr, table: &Table) -> bool {
    match check {
        Expr::Nested(inner) => passes_null(inner, table),
        Expr::IsNull(inner) => is_null(inner, table),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => passes_null(left, table) && passes_null(right, table),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => passes_null(left, table) || passes_null(right, table),
        _ => is_null(check, table),
    }
}

/// Whether it is NULL where the added columns are, whatever the others hold.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may have a value where a column is NULL"
)]
fn is_null(expression: &Expr, table: &Table) -> bool {
    let within = |inner: &Expr| is_null(inner, table);
    match expression {
        Expr::Identifier(name) => table.added(name).is_some_and(Added::is_empty),
        Expr::Nested(inner)
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::Between { expr: inner, .. }
        | Expr::In {
            expr: inner,
            target: InTarget::List(_),
            ..
        }
        | Expr::Like { expr: inner, .. }
        | Expr::ILike { expr: inner, .. } => within(inner),
        Expr::BinaryOp { left, op, right } => {
            let counts = !matches!(
                op,
                BinaryOperator::And
                    | BinaryOperator::Or
                    | BinaryOperator::Xor
                    | BinaryOperator::Spaceship
            );
            counts && (within(left) || within(right))
        }
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let arguments = arguments(function).unwrap_or_default();
            STRICT.contains(&name.as_str()) && arguments.into_iter().any(within)
        }
        _ => false,
    }
}

/// Whether it is about values and added columns alone, which all rows of the old version have alike.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may be about what the old version writes"
)]
fn is_about_constants(expression: &Expr, table: &Table) -> bool {
    let within = |inner: &Expr| is_about_constants(inner, table);
    match expression {
        Expr::Value(_) => true,
        Expr::Identifier(name) => table.added(name).is_some_and(|added| added.constant),
        Expr::Nested(inner)
        | Expr::UnaryOp {
            op: UnaryOperator::Not | UnaryOperator::Minus | UnaryOperator::Plus,
            expr: inner,
        }
        | Expr::Cast { expr: inner, .. }
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner) => within(inner),
        Expr::BinaryOp { left, right, .. } => within(left) && within(right),
        Expr::Between {
            expr, low, high, ..
        } => within(expr) && within(low) && within(high),
        Expr::In {
            expr,
            target: InTarget::List(list),
            ..
        } => within(expr) && list.iter().all(within),
        Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
            within(expr) && within(pattern)
        }
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            let arguments = arguments(function);
            STRICT.contains(&name.as_str())
                && arguments.is_some_and(|it| it.into_iter().all(within))
        }
        _ => false,
    }
}

/// The arguments of a function, if they are expressions.
fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let arguments = list.args.iter().map(|argument| {
        if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) = argument {
            Some(expression)
        } else {
            None
        }
    });
    arguments.collect()
}
