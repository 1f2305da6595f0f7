//! Conditions that leave no row out.

use sqlparser::ast::{BinaryOperator, Expr, Ident, InTarget, UnaryOperator};

/// Whether a condition leaves no row out.
pub(crate) fn every_row(condition: Option<&Expr>) -> bool {
    condition.is_none_or(always)
}

/// Whether a condition is the same for every row: without a column, or a column beside itself.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may depend on the row"
)]
pub(crate) fn always(condition: &Expr) -> bool {
    match condition {
        Expr::Nested(inner) => always(inner),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => always(left) || always(right),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => always(left) && always(right),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq | BinaryOperator::Spaceship,
            right,
        } if is_one_column(left, right) => true,
        _ => constant(condition),
    }
}

/// Whether both are the same, or a column of the same name, however it is written: that of another table may be meant.
fn is_one_column(left: &Expr, right: &Expr) -> bool {
    let one = |name: Option<&Ident>| name.map(|it| it.value.to_lowercase());
    let qualified = |it: &Expr| matches!(it, Expr::CompoundIdentifier(_));
    left == right
        || (!(qualified(left) && qualified(right))
            && one(column(left)).is_some_and(|left| one(column(right)) == Some(left)))
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other expression is no column alone"
)]
fn column(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Identifier(name) => Some(name),
        Expr::CompoundIdentifier(parts) => parts.last(),
        _ => None,
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may depend on the row"
)]
fn constant(expression: &Expr) -> bool {
    match expression {
        Expr::Value(_) => true,
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => always(expr),
        Expr::Nested(inner)
        | Expr::UnaryOp { expr: inner, .. }
        | Expr::Cast { expr: inner, .. }
        | Expr::IsTrue(inner)
        | Expr::IsNotTrue(inner)
        | Expr::IsFalse(inner)
        | Expr::IsNotFalse(inner)
        | Expr::IsNull(inner)
        | Expr::IsNotNull(inner) => constant(inner),
        Expr::BinaryOp { left, right, .. } => constant(left) && constant(right),
        Expr::Between {
            expr, low, high, ..
        } => constant(expr) && constant(low) && constant(high),
        Expr::In {
            expr,
            target: InTarget::List(list),
            ..
        } => constant(expr) && list.iter().all(constant),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::{Dialect, Rule, Step, lint};

    #[test]
    fn a_condition_that_leaves_no_row_out_is_none() {
        for (condition, every) in [
            ("1 = 1", true),
            ("(1)", true),
            ("NOT (1 > 2)", true),
            ("n = n", true),
            ("N = n", true),
            ("orders.n = n", true),
            ("n = 1 OR 'a' = 'a'", true),
            ("1 = 1 AND 2 IN (1, 2)", true),
            ("NULL IS NULL", true),
            ("n = 1 AND 1 = 1", false),
            ("n IS NULL", false),
            ("n = m", false),
            ("n IN (1, 2)", false),
            ("EXISTS (SELECT 1 FROM notes)", false),
        ] {
            for dialect in Dialect::ALL {
                let sql = format!("UPDATE orders SET note = '' WHERE {condition}");
                let problems = lint(&sql, dialect, Step::Expand);
                let found = problems.first().map(|problem| problem.rule);
                assert_eq!(found, every.then_some(Rule::Overwrite), "{dialect}: {sql}");
            }
        }
    }
}
