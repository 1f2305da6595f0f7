//! What is removed.

use crate::names;
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::state::State;
use sqlparser::ast::{
    AlterTableOperation, CascadeOption, DropBehavior, ObjectName, ObjectType, ReferentialAction,
    Statement, Truncate,
};

/// Refuses, in an expand, to remove what the text has not made; none where nothing is dropped.
pub(crate) fn check(statement: &Statement, state: &State) -> Option<Result<(), Finding>> {
    let what = dropped(statement)?;
    if let Statement::Drop {
        object_type,
        names,
        temporary,
        ..
    } = statement
    {
        let known = *object_type == ObjectType::Table && names.iter().all(|name| state.made(name));
        // A temporary table hides one of the same name, and this statement never drops that.
        if known || *temporary {
            return Some(Ok(()));
        }
    }
    if table_of(statement).is_some_and(|table| state.made(table)) {
        return Some(Ok(()));
    }
    Some(Err(reason::dropped(&format!("it drops {what}"))))
}

/// The table to which what is dropped belongs.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these name it"
)]
fn table_of(statement: &Statement) -> Option<&ObjectName> {
    match statement {
        Statement::DropTrigger(drop) => drop.table_name.as_ref(),
        Statement::DropPolicy(drop) => Some(&drop.table_name),
        _ => None,
    }
}

pub(crate) fn check_truncate(truncate: &Truncate, state: &State) -> Result<(), Finding> {
    if empties_only_new(truncate, state) {
        return Ok(());
    }
    Err(reason::removed(&empties(truncate)))
}

/// Refuses, in a contract, what takes away more than the statement names.
pub(crate) fn check_contract(statement: &Statement, state: &State) -> Result<(), Finding> {
    if let Statement::Truncate(truncate) = statement {
        return if empties_only_new(truncate, state) {
            Ok(())
        } else {
            Err(reason::no_contraction(Rule::Delete, &empties(truncate)))
        };
    }
    if let Statement::Drop {
        object_type: ObjectType::Schema | ObjectType::Database,
        names,
        ..
    } = statement
    {
        let all = names::list(names.iter().map(names::object));
        return Err(reason::no_contraction(
            Rule::Drop,
            &format!("it drops everything there is in {all}"),
        ));
    }
    if cascades(statement) {
        let what = dropped(statement).unwrap_or_default();
        return Err(cascade(&what));
    }
    Ok(())
}

/// Refuses, in a contract, an operation of an `ALTER TABLE` that takes away more than it names.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the operations, these can cascade"
)]
pub(crate) fn check_operation(
    operation: &AlterTableOperation,
    table: &ObjectName,
) -> Result<(), Finding> {
    let (what, behavior) = match operation {
        AlterTableOperation::DropColumn {
            column_names,
            drop_behavior,
            ..
        } => {
            let columns = names::list(column_names.iter().map(names::column));
            (format!("column {columns}"), drop_behavior)
        }
        AlterTableOperation::DropConstraint {
            name,
            drop_behavior,
            ..
        } => (format!("constraint {}", names::column(name)), drop_behavior),
        _ => return Ok(()),
    };
    if *behavior == Some(DropBehavior::Cascade) {
        return Err(cascade(&format!("{what} of {}", names::object(table))));
    }
    Ok(())
}

fn cascade(what: &str) -> Finding {
    Finding::new(
        Rule::Drop,
        format!(
            "it drops {what} and, by CASCADE, whatever depends on it, which nobody has named and the new version may \
             use. Drop what depends on it by name first, and leave CASCADE out."
        ),
    )
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these can cascade"
)]
fn cascades(statement: &Statement) -> bool {
    let behaves = |behavior: Option<DropBehavior>| behavior == Some(DropBehavior::Cascade);
    match statement {
        Statement::Drop { cascade, .. } => *cascade,
        Statement::DropFunction(drop) => behaves(drop.drop_behavior),
        Statement::DropProcedure { drop_behavior, .. } => behaves(*drop_behavior),
        Statement::DropDomain(drop) => behaves(drop.drop_behavior),
        Statement::DropOperator(drop) => behaves(drop.drop_behavior),
        Statement::DropExtension(drop) => {
            drop.cascade_or_restrict == Some(ReferentialAction::Cascade)
        }
        _ => false,
    }
}

/// What a statement drops, in words; none where it drops nothing.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "of all the kinds, these are the ones that drop"
)]
fn dropped(statement: &Statement) -> Option<String> {
    let what = match statement {
        Statement::Drop {
            object_type, names, ..
        } => {
            let kind = object_type.to_string().to_lowercase();
            format!("{kind} {}", names::list(names.iter().map(names::object)))
        }
        Statement::DropFunction(drop) => {
            let functions = drop
                .func_desc
                .iter()
                .map(|function| names::object(&function.name));
            format!("function {}", names::list(functions))
        }
        Statement::DropProcedure { proc_desc, .. } => {
            let procedures = proc_desc
                .iter()
                .map(|procedure| names::object(&procedure.name));
            format!("procedure {}", names::list(procedures))
        }
        Statement::DropTrigger(drop) => format!("trigger {}", names::object(&drop.trigger_name)),
        Statement::DropDomain(drop) => format!("domain {}", names::object(&drop.name)),
        Statement::DropExtension(drop) => {
            format!(
                "extension {}",
                names::list(drop.names.iter().map(names::column))
            )
        }
        Statement::DropPolicy(_) => "a policy".to_owned(),
        Statement::DropRule(_) => "a rule".to_owned(),
        Statement::DropOperator(_)
        | Statement::DropOperatorClass(_)
        | Statement::DropOperatorFamily(_) => "an operator".to_owned(),
        _ => return None,
    };
    Some(what)
}

fn truncated(truncate: &Truncate) -> impl ExactSizeIterator<Item = &ObjectName> {
    truncate.table_names.iter().map(|target| &target.name)
}

/// With CASCADE, a table that refers to it is emptied too, however old.
fn empties_only_new(truncate: &Truncate, state: &State) -> bool {
    let alone = truncate.cascade != Some(CascadeOption::Cascade);
    alone && truncated(truncate).all(|name| state.made(name))
}

fn empties(truncate: &Truncate) -> String {
    format!(
        "it empties {}",
        names::list(truncated(truncate).map(names::object))
    )
}
