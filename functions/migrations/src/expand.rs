//! The step before traffic moves: only what is known to be additive, so that the old version works on unharmed.

use crate::dialect::Dialect;
use crate::problem::Finding;
use crate::state::State;
use crate::{
    alter, catalogue, constraint, drops, mysql, names, other, query, reading, reason, rename, rows,
    settings, sqlite,
};
use sqlparser::ast::{
    CopySource, CopyTarget, CreateIndex, CreateTable, Insert, Query, SqliteOnConflict, Statement,
    TableObject,
};

/// Judges statements, knowing what the text has done before them.
pub(crate) struct Expand<'a> {
    pub(crate) state: &'a State,
}

impl Expand<'_> {
    /// What is found in a statement, if anything.
    pub(crate) fn judge(&self, statement: &Statement) -> Vec<Finding> {
        let mut findings = self.dangers(statement);
        findings.extend(match self.state.dialect() {
            // Its locks are judged elsewhere, on a tree of its own.
            Dialect::Postgresql => Vec::new(),
            Dialect::Mysql => mysql::judge(statement, self.state),
            Dialect::Sqlite => sqlite::judge(statement, self.state),
        });
        findings
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a statement is refused unless it is known to be additive"
    )]
    fn dangers(&self, statement: &Statement) -> Vec<Finding> {
        match statement {
            Statement::Query(query)
            | Statement::Copy {
                source: CopySource::Query(query),
                target: CopyTarget::Stdout,
                ..
            } => self.query(query),
            Statement::Explain { statement, .. } => self.dangers(statement),
            Statement::CreateTable(table) => self.table(table),
            Statement::Insert(insert) => self.insert(insert),
            Statement::AlterTable(table) => alter::judge(table, self.state),
            _ => self.check_one(statement).err().into_iter().collect(),
        }
    }

    /// Refuses a statement that can have one problem at most.
    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "a statement is refused unless it is known to be additive"
    )]
    fn check_one(&self, statement: &Statement) -> Result<(), Finding> {
        rename::check_statement(statement, self.state)?;
        settings::check(statement)?;
        reading::check(statement, self.state.dialect())?;
        match statement {
            Statement::CreateIndex(index) => self.check_index(index),
            Statement::Update(update) => rows::check_update(update, self.state),
            Statement::Delete(delete) => rows::check_delete(delete, self.state),
            Statement::Merge(merge) => rows::check_merge(merge, self.state),
            Statement::Truncate(truncate) => drops::check_truncate(truncate, self.state),
            _ => drops::check(statement, self.state)
                .unwrap_or_else(|| other::check(statement, self.state)),
        }
    }

    fn check_index(&self, index: &CreateIndex) -> Result<(), Finding> {
        let table = &index.table_name;
        let made = self.state.made(table)
            // Both or none are there already, from an earlier run of the same text.
            || (index.if_not_exists && self.state.made_if_missing(table));
        if made {
            return Ok(());
        }
        constraint::check_index(index, |column| self.state.added_column(table, column))
    }

    fn table(&self, table: &CreateTable) -> Vec<Finding> {
        let name = names::object(&table.name);
        let replaced = (table.or_replace && !self.state.made(&table.name))
            .then(|| reason::replaced(&format!("table {name}")));
        let query = table.query.iter().flat_map(|query| self.query(query));
        replaced.into_iter().chain(query).collect()
    }

    fn insert(&self, insert: &Insert) -> Vec<Finding> {
        let removes =
            insert.replace_into || insert.overwrite || insert.or == Some(SqliteOnConflict::Replace);
        let source = insert.source.iter().flat_map(|query| self.query(query));
        let mut findings: Vec<Finding> = source.collect();
        let TableObject::TableName(table) = &insert.table else {
            findings.push(reason::unknown());
            return findings;
        };
        findings.extend(catalogue::check(table).err());
        if removes && !self.state.made(table) {
            findings.push(reason::overwritten(&names::object(table)));
        }
        if rows::updates_every_row(insert) && !self.state.made(table) {
            findings.push(reason::every_row(&names::object(table)));
        }
        findings
    }

    fn query(&self, query: &Query) -> Vec<Finding> {
        query::judge(query, &|statement| self.dangers(statement))
    }
}

#[cfg(test)]
#[path = "expand_tests/mod.rs"]
mod tests;
