//! The step before traffic moves: only what is known to be additive, so that the old version works on unharmed.

use crate::{Created, alter, reason, rename};
use sqlparser::ast::{
    AlterViewOperation, CreateTable, Insert, ObjectName, Query, SetExpr, SqliteOnConflict,
    Statement, Update,
};

/// Judges statements beside what was created before them.
pub struct Expand<'a> {
    pub created: &'a Created,
}

impl Expand<'_> {
    /// The reasons against a statement, if any.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a statement is refused unless it is known to be additive"
    )]
    pub fn judge(&self, statement: &Statement) -> Vec<String> {
        match statement {
            Statement::Query(query) => self.query(query),
            Statement::Explain { statement, .. } => self.judge(statement),
            Statement::CreateTable(table) => self.table(table),
            Statement::Insert(insert) => self.insert(insert),
            Statement::AlterTable(table) if self.is_new(&table.name) => Vec::new(),
            Statement::AlterTable(table) if table.operations.is_empty() => vec![reason::unknown()],
            Statement::AlterTable(table) => {
                table.operations.iter().filter_map(alter::judge).collect()
            }
            Statement::CreateIndex(index) if index.unique && !self.is_new(&index.table_name) => {
                vec![reason::constrained("a unique index")]
            }
            Statement::CreateIndex(_) => Vec::new(),
            _ => simple(statement).into_iter().collect(),
        }
    }

    fn is_new(&self, table: &ObjectName) -> bool {
        self.created.contains(&table.to_string())
    }

    fn table(&self, table: &CreateTable) -> Vec<String> {
        let query = table.query.iter().flat_map(|query| self.query(query));
        table
            .or_replace
            .then(reason::replaced)
            .into_iter()
            .chain(query)
            .collect()
    }

    fn insert(&self, insert: &Insert) -> Vec<String> {
        let removes =
            insert.replace_into || insert.overwrite || insert.or == Some(SqliteOnConflict::Replace);
        let source = insert.source.iter().flat_map(|query| self.query(query));
        removes
            .then(reason::overwritten)
            .into_iter()
            .chain(source)
            .collect()
    }

    /// A query may change data inside of its WITH, or as what follows it.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "the other bodies of a query only read"
    )]
    fn query(&self, query: &Query) -> Vec<String> {
        let with = query.with.iter().flat_map(|with| &with.cte_tables);
        let mut reasons: Vec<String> = with.flat_map(|it| self.query(&it.query)).collect();
        reasons.extend(match query.body.as_ref() {
            SetExpr::Query(inner) => self.query(inner),
            SetExpr::Insert(inner)
            | SetExpr::Update(inner)
            | SetExpr::Delete(inner)
            | SetExpr::Merge(inner) => self.judge(inner),
            _ => Vec::new(),
        });
        reasons
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a statement is refused unless it is known to be additive"
)]
fn simple(statement: &Statement) -> Option<String> {
    match statement {
        Statement::CreateView(view) => (view.or_replace || view.or_alter).then(reason::replaced),
        Statement::AlterView(view) if matches!(view.operation, AlterViewOperation::As { .. }) => {
            Some(reason::replaced())
        }
        Statement::CreateFunction(function) if function.or_replace => Some(reason::replaced()),
        Statement::Update(update) => self::update(update),
        Statement::Delete(_) => Some(reason::removed("it deletes rows")),
        Statement::Truncate(_) => Some(reason::removed("it empties a table")),
        _ if is_harmless(statement) => None,
        _ if is_drop(statement) => Some(reason::dropped("it drops something")),
        _ => Some(rename::of_statement(statement).unwrap_or_else(reason::unknown)),
    }
}

fn update(update: &Update) -> Option<String> {
    if update.or == Some(SqliteOnConflict::Replace) {
        Some(reason::overwritten())
    } else if update.selection.is_none() {
        Some(reason::everywhere())
    } else {
        None
    }
}

fn is_harmless(statement: &Statement) -> bool {
    // What a BEGIN encloses is not looked at, so there must be nothing.
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
#[path = "expand_tests.rs"]
mod tests;
