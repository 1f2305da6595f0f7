//! The tables in which a database keeps its schema: who writes there changes anything, past every rule.

use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use sqlparser::ast::{ObjectName, ObjectNamePart};

const SCHEMAS: [&str; 5] = [
    "pg_catalog",
    "information_schema",
    "mysql",
    "performance_schema",
    "sys",
];
/// What begins the names of tables that need no schema in front of them.
const PREFIXES: [&str; 2] = ["pg_", "sqlite_"];

/// Refuses to write to a table of the database itself.
pub(crate) fn check(table: &ObjectName) -> Result<(), Finding> {
    let parts = table.0.iter().filter_map(ObjectNamePart::as_ident);
    let parts: Vec<String> = parts.map(|part| part.value.to_lowercase()).collect();
    let (last, schemas) = parts
        .split_last()
        .map_or(("", &[][..]), |(last, rest)| (last.as_str(), rest));
    let within = schemas
        .iter()
        .any(|schema| SCHEMAS.contains(&schema.as_str()));
    let own = PREFIXES.iter().any(|it| last.starts_with(it));
    if within || own {
        return Err(Finding::new(
            Rule::Environment,
            format!(
                "it writes to {}, where the database keeps its own schema, and nobody knows what that does to either \
                 version. Change the schema by its own statements.",
                names::object(table)
            ),
        ));
    }
    Ok(())
}
