//! The names of tables and columns in a tree.

use crate::state::{State, joined};
use squawk_syntax::SyntaxKind::{PATH_SEGMENT, PATH_SEGMENT_REF};
use squawk_syntax::ast::AstNode;

/// Tables of a few rows in which tools keep which migrations have run.
const VERSIONS: [&str; 19] = [
    "__drizzle_migrations",
    "__efmigrationshistory",
    "__diesel_schema_migrations",
    "_prisma_migrations",
    "_sqlx_migrations",
    "alembic_version",
    "ar_internal_metadata",
    "databasechangelog",
    "databasechangeloglock",
    "django_migrations",
    "doctrine_migration_versions",
    "flyway_schema_history",
    "goose_db_version",
    "gorp_migrations",
    "knex_migrations",
    "phinxlog",
    "pgmigrations",
    "schema_migrations",
    "sequelizemeta",
];

/// A table that a statement names.
pub(super) struct Table {
    parts: Vec<String>,
}

impl Table {
    /// The table of a node that is, or begins with, its name.
    pub(super) fn of(node: Option<impl AstNode>) -> Option<Table> {
        let node = node?;
        let segments = node.syntax().descendants();
        let segments = segments.filter(|it| matches!(it.kind(), PATH_SEGMENT | PATH_SEGMENT_REF));
        let parts: Vec<String> = segments.map(|it| folded(&it.text().to_string())).collect();
        (!parts.is_empty()).then_some(Table { parts })
    }

    /// The spelling by which a state knows it.
    pub(super) fn key(&self) -> String {
        joined(self.parts.iter().cloned())
    }

    /// Whether a tool keeps there which migrations have run.
    pub(super) fn keeps_a_version(&self) -> bool {
        let name = self.parts.last().map(|name| name.to_lowercase());
        name.is_some_and(|name| VERSIONS.contains(&name.as_str()))
    }

    pub(super) fn is_made(&self, state: &State) -> bool {
        state.made_key(&self.key())
    }
}

/// The first of some tables that the text has not made.
pub(super) fn kept(mut tables: impl Iterator<Item = impl AstNode>, state: &State) -> Option<Table> {
    tables.find_map(|it| Table::of(Some(it)).filter(|table| !table.is_made(state)))
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "`{}`", self.parts.join("."))
    }
}

/// A name as PostgreSQL keeps it.
pub(super) fn folded(written: &str) -> String {
    let written = written.trim();
    match written
        .strip_prefix('"')
        .and_then(|it| it.strip_suffix('"'))
    {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => written.to_ascii_lowercase(),
    }
}

/// The column of a node that is its name.
pub(super) fn column(node: Option<impl AstNode>) -> String {
    node.map(|node| folded(&node.syntax().text().to_string()))
        .unwrap_or_default()
}
