//! How names are compared: only those that surely name the same thing are the same.

use crate::dialect::Dialect;
use sqlparser::ast::{Ident, ObjectName};

/// Between the parts of a name: no name holds it.
const BETWEEN: char = '\0';

/// The spelling of a table's name by which it is kept.
pub(super) fn key(name: &ObjectName, dialect: Dialect) -> String {
    let parts = name.0.iter().map(|part| match part.as_ident() {
        Some(ident) => one(ident, dialect),
        None => part.to_string(),
    });
    joined(parts)
}

/// The spelling of a name whose parts are folded already.
pub(crate) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    parts.join(&BETWEEN.to_string())
}

/// PostgreSQL folds what is not quoted, SQLite everything, and both ASCII alone; MySQL's tables may be files of that very
/// name.
fn one(ident: &Ident, dialect: Dialect) -> String {
    let folds = match dialect {
        Dialect::Postgresql => ident.quote_style.is_none(),
        Dialect::Sqlite => true,
        Dialect::Mysql => false,
    };
    if folds {
        ident.value.to_ascii_lowercase()
    } else {
        ident.value.clone()
    }
}

/// The spelling of a column's name by which it is kept: MySQL folds it too.
pub(crate) fn column(ident: &Ident, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgresql => one(ident, dialect),
        Dialect::Mysql | Dialect::Sqlite => ident.value.to_ascii_lowercase(),
    }
}

/// The table's own name, without its schema and its case.
pub(super) fn last(key: &str) -> String {
    let name = key.rsplit(BETWEEN).next();
    name.unwrap_or_default().to_lowercase()
}
