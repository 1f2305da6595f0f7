//! The step before traffic moves: only what is known to be additive, so that the old version works on unharmed.

use crate::created::Created;
use crate::problem::Refusal;
use crate::{alter, reason, rename};
use sqlparser::ast::{
    AlterViewOperation, CreateTable, Insert, Query, SetExpr, SqliteOnConflict, Statement, Update,
};

/// Judges statements, knowing which tables were created before them.
pub(crate) struct Expand<'a> {
    pub(crate) created: &'a Created,
}

impl Expand<'_> {
    /// The refusals of a statement, if any.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a statement is refused unless it is known to be additive"
    )]
    pub(crate) fn judge(&self, statement: &Statement) -> Vec<Refusal> {
        match statement {
            Statement::Query(query) => self.query(query),
            Statement::Explain { statement, .. } => self.judge(statement),
            Statement::CreateTable(table) => self.table(table),
            Statement::Insert(insert) => self.insert(insert),
            Statement::AlterTable(table) if self.created.contains(&table.name) => Vec::new(),
            Statement::AlterTable(table) if table.operations.is_empty() => vec![reason::unknown()],
            Statement::AlterTable(table) => {
                let operations = table.operations.iter();
                operations
                    .filter_map(|operation| alter::check_operation(operation).err())
                    .collect()
            }
            Statement::CreateIndex(index)
                if index.unique && !self.created.contains(&index.table_name) =>
            {
                vec![reason::constrained("a unique index")]
            }
            Statement::CreateIndex(_) => Vec::new(),
            _ => check_other(statement).err().into_iter().collect(),
        }
    }

    fn table(&self, table: &CreateTable) -> Vec<Refusal> {
        let replaced = table.or_replace.then(reason::replaced);
        let query = table.query.iter().flat_map(|query| self.query(query));
        replaced.into_iter().chain(query).collect()
    }

    fn insert(&self, insert: &Insert) -> Vec<Refusal> {
        let removes =
            insert.replace_into || insert.overwrite || insert.or == Some(SqliteOnConflict::Replace);
        let overwritten = removes.then(reason::overwritten);
        let source = insert.source.iter().flat_map(|query| self.query(query));
        overwritten.into_iter().chain(source).collect()
    }

    /// A query may change data inside of its WITH, or as what follows it.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "the other bodies of a query only read"
    )]
    fn query(&self, query: &Query) -> Vec<Refusal> {
        let with = query.with.iter().flat_map(|with| &with.cte_tables);
        let mut refusals: Vec<Refusal> = with.flat_map(|table| self.query(&table.query)).collect();
        refusals.extend(match query.body.as_ref() {
            SetExpr::Query(inner) => self.query(inner),
            SetExpr::Insert(inner)
            | SetExpr::Update(inner)
            | SetExpr::Delete(inner)
            | SetExpr::Merge(inner) => self.judge(inner),
            _ => Vec::new(),
        });
        refusals
    }
}

/// Refuses any other statement unless it is known to be additive.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a statement is refused unless it is known to be additive"
)]
fn check_other(statement: &Statement) -> Result<(), Refusal> {
    match statement {
        Statement::CreateView(view) if view.or_replace || view.or_alter => Err(reason::replaced()),
        Statement::CreateView(_) => Ok(()),
        Statement::AlterView(view) if matches!(view.operation, AlterViewOperation::As { .. }) => {
            Err(reason::replaced())
        }
        Statement::CreateFunction(function) if function.or_replace => Err(reason::replaced()),
        Statement::Update(update) => check_update(update),
        Statement::Delete(_) => Err(reason::removed("it deletes rows")),
        Statement::Truncate(_) => Err(reason::removed("it empties a table")),
        _ if is_harmless(statement) => Ok(()),
        _ if is_drop(statement) => Err(reason::dropped("it drops something")),
        _ => {
            rename::check_statement(statement)?;
            Err(reason::unknown())
        }
    }
}

fn check_update(update: &Update) -> Result<(), Refusal> {
    if update.or == Some(SqliteOnConflict::Replace) {
        Err(reason::overwritten())
    } else if update.selection.is_none() {
        Err(reason::every_row())
    } else {
        Ok(())
    }
}

fn is_harmless(statement: &Statement) -> bool {
    // What a BEGIN encloses is not judged, so there must be nothing.
    let encloses = matches!(statement, Statement::StartTransaction { statements, .. } if !statements.is_empty());
    !encloses
        && matches!(
            statement,
            Statement::StartTransaction { .. }
                | Statement::Commit { .. }
                | Statement::CreateVirtualTable { .. }
                | Statement::CreateSequence { .. }
                | Statement::CreateType { .. }
                | Statement::CreateExtension(_)
                | Statement::CreateSchema { .. }
                | Statement::Set(_)
                | Statement::Pragma { .. }
                | Statement::Comment { .. }
                | Statement::ExplainTable { .. }
                | Statement::Analyze(_)
        )
}

fn is_drop(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Drop { .. }
            | Statement::DropFunction(_)
            | Statement::DropProcedure { .. }
            | Statement::DropTrigger(_)
            | Statement::DropDomain(_)
            | Statement::DropExtension(_)
            | Statement::DropPolicy(_)
            | Statement::DropRule(_)
            | Statement::DropOperator(_)
            | Statement::DropOperatorClass(_)
            | Statement::DropOperatorFamily(_)
    )
}

#[cfg(test)]
#[path = "expand_tests/mod.rs"]
mod tests;
