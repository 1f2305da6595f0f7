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
/// Tables that need no schema in front of them.
const TABLES: [&str; 33] = [
    "pg_aggregate",
    "pg_am",
    "pg_attrdef",
    "pg_attribute",
    "pg_auth_members",
    "pg_authid",
    "pg_cast",
    "pg_class",
    "pg_collation",
    "pg_constraint",
    "pg_database",
    "pg_db_role_setting",
    "pg_depend",
    "pg_description",
    "pg_enum",
    "pg_extension",
    "pg_index",
    "pg_inherits",
    "pg_namespace",
    "pg_opclass",
    "pg_operator",
    "pg_partitioned_table",
    "pg_policy",
    "pg_proc",
    "pg_rewrite",
    "pg_sequence",
    "pg_settings",
    "pg_statistic",
    "pg_trigger",
    "pg_type",
    "sqlite_master",
    "sqlite_schema",
    "sqlite_sequence",
];

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
    if within || TABLES.contains(&last) {
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
