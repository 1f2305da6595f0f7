//! The step after the old version is gone: everything that can be read may run, except what is no contraction.

use crate::column::{self, Added};
use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::State;
use crate::{
    catalogue, drops, mysql, names, query, reading, reason, rename, rows, settings, sqlite,
};
use sqlparser::ast::{
    AlterTable, AlterTableOperation, CopySource, CopyTarget, Delete, Insert, Merge, Query,
    Statement, TableFactor, TableObject,
};

/// What is found in a statement, if anything.
pub(crate) fn judge(statement: &Statement, state: &State) -> Vec<Finding> {
    let mut findings = dangers(statement, state);
    findings.extend(match state.dialect() {
        // Its locks are judged elsewhere, on a tree of its own.
        Dialect::Postgresql => Vec::new(),
        Dialect::Mysql => mysql::judge(statement, state),
        Dialect::Sqlite => sqlite::judge(statement, state),
    });
    findings
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "everything else may run once the old version is gone"
)]
fn dangers(statement: &Statement, state: &State) -> Vec<Finding> {
    match statement {
        Statement::Explain { statement, .. } => dangers(statement, state),
        Statement::Query(query)
        | Statement::Copy {
            source: CopySource::Query(query),
            target: CopyTarget::Stdout,
            ..
        } => in_query(query, state),
        Statement::CreateTable(table) => {
            let query = table.query.iter();
            query.flat_map(|query| in_query(query, state)).collect()
        }
        Statement::Insert(insert) => in_insert(insert, state),
        Statement::AlterTable(alter) if state.made(&alter.name) => Vec::new(),
        Statement::AlterTable(alter) => {
            let operations = alter.operations.iter();
            operations
                .filter_map(|operation| check_operation(operation, alter, state.dialect()).err())
                .collect()
        }
        _ => check_one(statement, state).err().into_iter().collect(),
    }
}

/// Refuses a statement that can have one problem at most.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "everything else may run once the old version is gone"
)]
fn check_one(statement: &Statement, state: &State) -> Result<(), Finding> {
    rename::check_statement(statement, state)?;
    settings::check(statement)?;
    reading::check(statement, state.dialect())?;
    drops::check_contract(statement, state)?;
    match statement {
        Statement::Delete(delete) => check_delete(delete, state),
        Statement::Merge(merge) => check_merge(merge, state),
        Statement::Prepare { .. } | Statement::Execute { .. } | Statement::Call(_) => {
            Err(reason::unjudged())
        }
        _ if is_better_known(statement) && state.dialect() == Dialect::Postgresql => {
            Err(reason::unjudged())
        }
        // What a BEGIN encloses is not judged.
        Statement::StartTransaction { statements, .. } if !statements.is_empty() => {
            Err(reason::unjudged())
        }
        Statement::Copy {
            source: CopySource::Table { table_name, .. },
            to: false,
            ..
        } => catalogue::check(table_name),
        Statement::Update(update) => match &update.table.relation {
            TableFactor::Table { name, .. } => catalogue::check(name),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What PostgreSQL's own grammar says more of: who owns it then, its name, and what else is dropped.
fn is_better_known(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::AlterCollation(_)
            | Statement::AlterDefaultPrivileges(_)
            | Statement::AlterFunction(_)
            | Statement::AlterOperator(_)
            | Statement::AlterOperatorClass(_)
            | Statement::AlterOperatorFamily(_)
            | Statement::AlterSchema(_)
            | Statement::AlterTextSearch(_)
            | Statement::AlterView(_)
            | Statement::DropOperatorClass(_)
            | Statement::DropOperatorFamily(_)
    )
}

fn check_operation(
    operation: &AlterTableOperation,
    alter: &AlterTable,
    dialect: Dialect,
) -> Result<(), Finding> {
    use AlterTableOperation as Alter;
    rename::check_operation(operation, &alter.name)?;
    drops::check_operation(operation, &alter.name)?;
    let table = names::object(&alter.name);
    if matches!(
        operation,
        Alter::EnableRowLevelSecurity | Alter::ForceRowLevelSecurity
    ) {
        return Err(settings::hides_rows(&table));
    }
    if matches!(operation, Alter::OwnerTo { .. }) {
        return Err(settings::changes_owner(&table));
    }
    let Alter::AddColumn { column_def, .. } = operation else {
        return Ok(());
    };
    // That it fails for another reason is said with what else SQLite does not do.
    let said = dialect == Dialect::Sqlite && column::is_unique(column_def);
    if said || !Added::of(column_def).refuses() {
        return Ok(());
    }
    let column = names::column(&column_def.name);
    Err(reason::required(&column, &table))
}

fn check_delete(delete: &Delete, state: &State) -> Result<(), Finding> {
    let table = rows::deleted_from(delete);
    if let Some(table) = table {
        catalogue::check(table)?;
    }
    rows::check_or(delete.selection.as_ref(), state)?;
    if !rows::deletes_every_row(delete) || table.is_some_and(|table| state.made(table)) {
        return Ok(());
    }
    let table = table.map_or_else(|| "several tables".to_owned(), names::object);
    Err(reason::no_contraction(
        Rule::Delete,
        &format!("it deletes every row of {table}"),
    ))
}

fn check_merge(merge: &Merge, state: &State) -> Result<(), Finding> {
    let table = rows::named(&merge.table);
    if let Some(table) = table {
        catalogue::check(table)?;
    }
    if !rows::merge_deletes(merge) || table.is_some_and(|table| state.made(table)) {
        return Ok(());
    }
    let table = table.map_or_else(|| "several tables".to_owned(), names::object);
    Err(reason::no_contraction(
        Rule::Delete,
        &format!("it deletes rows of {table} that another table has or lacks"),
    ))
}

fn in_query(query: &Query, state: &State) -> Vec<Finding> {
    query::judge(query, &|statement| dangers(statement, state))
}

fn in_insert(insert: &Insert, state: &State) -> Vec<Finding> {
    let written = match &insert.table {
        TableObject::TableName(table) => catalogue::check(table).err(),
        TableObject::TableFunction(_) | TableObject::TableQuery(_) => None,
    };
    let source = insert.source.iter();
    let source = source.flat_map(|query| in_query(query, state));
    written.into_iter().chain(source).collect()
}
