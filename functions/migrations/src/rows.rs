//! Rows that are changed or removed.

use crate::catalogue;
use crate::condition::{self, every_row};
use crate::dialect::Dialect;
use crate::names;
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::state::State;
use sqlparser::ast::{
    AssignmentTarget, Delete, Expr, FromTable, Ident, Insert, Merge, MergeAction, MergeClauseKind,
    ObjectName, ObjectNamePart, OnConflictAction, OnInsert, SetExpr, SqliteOnConflict, TableFactor,
    TableWithJoins, Update,
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

/// Whether an `INSERT` updates a row for each that another table has.
pub(crate) fn updates_every_row(insert: &Insert) -> bool {
    let updates = match &insert.on {
        Some(OnInsert::DuplicateKeyUpdate(_)) => true,
        Some(OnInsert::OnConflict(conflict)) => {
            matches!(conflict.action, OnConflictAction::DoUpdate(_))
        }
        None | Some(_) => false,
    };
    updates
        && insert
            .source
            .as_ref()
            .is_some_and(|query| gives_every_row(&query.body))
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other bodies of a query name their rows"
)]
fn gives_every_row(body: &SetExpr) -> bool {
    match body {
        SetExpr::Query(query) => gives_every_row(&query.body),
        SetExpr::SetOperation { left, right, .. } => {
            gives_every_row(left) || gives_every_row(right)
        }
        SetExpr::Select(select) => !select.from.is_empty() && every_row(select.selection.as_ref()),
        SetExpr::Table(_) => true,
        _ => false,
    }
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
        columns.all(|column| {
            assigned(column, state.dialect()).is_some_and(|it| state.added(table, it))
        })
    })
}

/// The column of an assignment: PostgreSQL has fields of it behind a point, others the table before one.
fn assigned(name: &ObjectName, dialect: Dialect) -> Option<&Ident> {
    match dialect {
        Dialect::Postgresql => name.0.first().and_then(ObjectNamePart::as_ident),
        Dialect::Mysql | Dialect::Sqlite => names::last_ident(name),
    }
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
    let others = merge.clauses.iter().any(|clause| {
        clause.clause_kind == MergeClauseKind::NotMatchedBySource
            && matches!(clause.action, MergeAction::Update(_))
    });
    if updates && !made && (others || condition::always(&merge.on)) {
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
