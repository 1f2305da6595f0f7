//! Rows that are changed or removed.

use crate::catalogue;
use crate::dialect::Dialect;
use crate::names;
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::state::State;
use sqlparser::ast::{
    AssignmentTarget, BinaryOperator, Delete, Expr, FromTable, InTarget, Merge, MergeAction,
    ObjectName, SqliteOnConflict, TableFactor, TableWithJoins, UnaryOperator, Update,
};

/// Refuses an `UPDATE` that overwrites what the old version wrote.
pub(crate) fn check_update(update: &Update, state: &State) -> Result<(), Finding> {
    let table = only_table(&update.table);
    if let Some(table) = table {
        catalogue::check(table)?;
    }
    let shown = shown(table);
    check_or(update.selection.as_ref(), state)?;
    if update.or == Some(SqliteOnConflict::Replace) {
        Err(reason::overwritten(&shown))
    } else if every_row(update.selection.as_ref()) && !fills_what_is_new(update, table, state) {
        Err(match update.limit {
            Some(_) => some_rows(&shown),
            None => reason::every_row(&shown),
        })
    } else {
        Ok(())
    }
}

fn some_rows(table: &str) -> Finding {
    Finding::new(
        Rule::Overwrite,
        format!(
            "it updates rows of {table}, whichever come first, also those that the old version has just written. Name \
             the rows that a backfill is for in a WHERE, such as WHERE note IS NULL."
        ),
    )
}

/// Whether all that is set are columns and tables which the old version does not know.
fn fills_what_is_new(update: &Update, table: Option<&ObjectName>, state: &State) -> bool {
    let Some(table) = table else { return false };
    update.assignments.iter().all(|assignment| {
        let columns = match &assignment.target {
            AssignmentTarget::ColumnName(name) => std::slice::from_ref(name),
            AssignmentTarget::Tuple(names) => names.as_slice(),
        };
        let mut columns = columns.iter();
        columns.all(|column| names::last_ident(column).is_some_and(|it| state.added(table, it)))
    })
}

/// Refuses a `DELETE` from a table that the old version may read.
pub(crate) fn check_delete(delete: &Delete, state: &State) -> Result<(), Finding> {
    let table = deleted_from(delete);
    match table {
        Some(table) => catalogue::check(table)?,
        None => return Err(reason::removed("it deletes rows of several tables")),
    }
    if table.is_some_and(|table| state.made(table)) {
        return Ok(());
    }
    Err(reason::removed(&format!(
        "it deletes rows of {}",
        shown(table)
    )))
}

/// Whether a `DELETE` names no rows, so that all go.
pub(crate) fn deletes_every_row(delete: &Delete) -> bool {
    every_row(delete.selection.as_ref()) && delete.limit.is_none()
}

/// The table that a `DELETE` is about, where it is one.
pub(crate) fn deleted_from(delete: &Delete) -> Option<&ObjectName> {
    let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
    match (delete.tables.as_slice(), from.as_slice()) {
        ([], [table]) => only_table(table),
        _ => None,
    }
}

/// Refuses a `MERGE` that deletes rows.
pub(crate) fn check_merge(merge: &Merge, state: &State) -> Result<(), Finding> {
    let table = named(&merge.table);
    if let Some(table) = table {
        catalogue::check(table)?;
    }
    let made = table.is_some_and(|table| state.made(table));
    if merge_deletes(merge) && !made {
        return Err(reason::removed(&format!(
            "it deletes rows of {}",
            shown(table)
        )));
    }
    let mut actions = merge.clauses.iter().map(|clause| &clause.action);
    let updates = actions.any(|action| matches!(action, MergeAction::Update(_)));
    if updates && !made && always(&merge.on) {
        return Err(reason::every_row(&shown(table)));
    }
    Ok(())
}

pub(crate) fn merge_deletes(merge: &Merge) -> bool {
    let mut actions = merge.clauses.iter().map(|clause| &clause.action);
    actions.any(|action| match action {
        MergeAction::Delete { .. } => true,
        MergeAction::Update(update) => update.delete_predicate.is_some(),
        MergeAction::Insert(_) | MergeAction::DoNothing { .. } => false,
    })
}

fn shown(table: Option<&ObjectName>) -> String {
    table.map_or_else(|| "several tables".to_owned(), names::object)
}

fn only_table(table: &TableWithJoins) -> Option<&ObjectName> {
    table
        .joins
        .is_empty()
        .then(|| named(&table.relation))
        .flatten()
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "nothing else that stands for a table has a name"
)]
pub(crate) fn named(table: &TableFactor) -> Option<&ObjectName> {
    match table {
        TableFactor::Table { name, .. } => Some(name),
        _ => None,
    }
}

/// Refuses `||`, which MySQL reads as OR, and the parser as what binds before `=`.
pub(crate) fn check_or(condition: Option<&Expr>, state: &State) -> Result<(), Finding> {
    let text = condition.map(ToString::to_string).unwrap_or_default();
    if state.dialect() != Dialect::Mysql || !text.contains("||") {
        return Ok(());
    }
    let reason = "its condition has `||`, which is OR in MySQL unless a setting makes it join texts. Write OR, or CONCAT().";
    Err(Finding::new(Rule::Unknown, reason))
}

/// Whether a condition leaves no row out.
pub(crate) fn every_row(condition: Option<&Expr>) -> bool {
    condition.is_none_or(always)
}

/// Whether a condition is the same for every row: without a column, or a column beside itself.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else may depend on the row"
)]
fn always(condition: &Expr) -> bool {
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
        } if left == right => true,
        _ => constant(condition),
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
