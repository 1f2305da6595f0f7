//! Rights, and settings that hold for others than this session.

use crate::names;
use crate::problem::Finding;
use crate::rule::Rule;
use sqlparser::ast::{
    ContextModifier, CopySource, CopyTarget, ObjectName, ObjectType, Set, Statement, Value,
    ValueWithSpan,
};

/// Settings of MySQL's variables that last beyond the session, as in `@@global.read_only`.
const SCOPES: [&str; 4] = ["global", "persist", "persist_only", "@@global"];

/// Refuses, in both steps, what takes rights or changes the server for everybody.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these reach beyond the session"
)]
pub(crate) fn check(statement: &Statement) -> Result<(), Finding> {
    match statement {
        Statement::Set(set) => check_set(set),
        Statement::Pragma { name, value, .. } => check_pragma(names::last(name), value.as_ref()),
        Statement::Revoke(_) | Statement::RevokeRole(_) | Statement::Deny(_) => {
            Err(environment("it takes rights, which the service may need"))
        }
        Statement::AlterRole { name, .. } => Err(environment(&format!(
            "it changes the role {}, as which the service may be connected",
            names::column(name)
        ))),
        Statement::Drop {
            object_type: ObjectType::Role | ObjectType::User | ObjectType::Group,
            names,
            ..
        } => Err(environment(&format!(
            "it drops {}, as which the service may be connected",
            names::list(names.iter().map(names::object))
        ))),
        Statement::AlterUser(_) => Err(environment(
            "it changes a user, as whom the service may be connected",
        )),
        Statement::Copy {
            target: CopyTarget::Program { .. },
            ..
        } => Err(environment("it starts a program on the database's machine")),
        Statement::Kill { .. } => Err(environment("it ends a connection of somebody else")),
        _ => Ok(()),
    }
}

/// A `COPY` that reads, or that only adds rows.
pub(crate) fn is_plain_copy(source: &CopySource, to: bool, target: &CopyTarget) -> bool {
    match target {
        CopyTarget::Stdin | CopyTarget::Stdout => true,
        CopyTarget::File { .. } => !to && matches!(source, CopySource::Table { .. }),
        CopyTarget::Program { .. } => false,
    }
}

pub(crate) fn environment(found: &str) -> Finding {
    Finding::new(
        Rule::Environment,
        format!(
            "{found}, and it holds for both versions at once. It is no change of the schema: do it outside of a \
             release, where it can be taken back by itself."
        ),
    )
}

/// Row level security that is enabled on a table.
pub(crate) fn hides_rows(table: &str) -> Finding {
    environment(&format!(
        "it hides rows of {table} from those whom no policy lets see them"
    ))
}

/// Something that gets another owner.
pub(crate) fn changes_owner(what: &str) -> Finding {
    environment(&format!("it changes who may use {what}"))
}

fn check_set(set: &Set) -> Result<(), Finding> {
    match set {
        Set::SingleAssignment {
            scope, variable, ..
        } => check_scope(*scope, variable),
        Set::MultipleAssignments { assignments } => assignments
            .iter()
            .try_for_each(|assignment| check_scope(assignment.scope, &assignment.name)),
        Set::ParenthesizedAssignments { variables, .. } => variables
            .iter()
            .try_for_each(|variable| check_scope(None, variable)),
        Set::SetSessionAuthorization(_)
        | Set::SetSessionParam(_)
        | Set::SetRole { .. }
        | Set::SetTimeZone { .. }
        | Set::SetNames { .. }
        | Set::SetNamesDefault {}
        | Set::SetTransaction { .. } => Ok(()),
    }
}

fn check_scope(scope: Option<ContextModifier>, variable: &ObjectName) -> Result<(), Finding> {
    let name = variable.to_string().to_lowercase();
    if name == "password" {
        return Err(environment(
            "it changes the password of an account, with which the service may be connected",
        ));
    }
    let first = name.trim_start_matches('@').split('.').next();
    let lasting = name.contains('.') && first.is_some_and(|first| SCOPES.contains(&first));
    if scope == Some(ContextModifier::Global) || lasting {
        return Err(environment(&format!(
            "it sets {} for the whole server",
            names::object(variable)
        )));
    }
    Ok(())
}

/// Refuses settings of SQLite that reach beyond the connection; those that it does not know do nothing.
pub(crate) fn check_pragma(name: &str, value: Option<&ValueWithSpan>) -> Result<(), Finding> {
    check_pragma_word(name, value.map(|value| word(&value.value)).as_deref())
}

fn word(value: &Value) -> String {
    let text = value.to_string();
    text.trim_matches(['\'', '"']).to_owned()
}

/// The same for a value that is a word.
pub(crate) fn check_pragma_word(name: &str, value: Option<&str>) -> Result<(), Finding> {
    let value = value.map(str::to_lowercase);
    let value = value.as_deref();
    let off = matches!(value, None | Some("0" | "off" | "false" | "no"));
    let found = match name.to_lowercase().as_str() {
        "writable_schema" if !off => "it lets its statements write to the schema itself",
        "schema_version" if value.is_some() => {
            "it sets the number by which other connections see that the schema has changed"
        }
        "locking_mode" if value == Some("exclusive") => {
            "it keeps the database locked, so that the old version cannot read or write"
        }
        "journal_mode" if !matches!(value, None | Some("wal")) => {
            "it changes how changes are kept until they are safe, which fails or blocks while others are connected"
        }
        _ => return Ok(()),
    };
    Err(environment(found))
}
