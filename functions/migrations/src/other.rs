//! Statements that bring something new, or only look.

use crate::dialect::Dialect;
use crate::names;
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::settings::is_plain_copy;
use crate::state::State;
use sqlparser::ast::{AlterType, AlterTypeOperation, AlterViewOperation, Statement};

/// Refuses a statement unless it is known to be additive.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a statement is refused unless it is known to be additive"
)]
pub(crate) fn check(statement: &Statement, state: &State) -> Result<(), Finding> {
    match statement {
        Statement::CreateView(view) if view.or_replace || view.or_alter => Err(reason::replaced(
            &format!("view {}", names::object(&view.name)),
        )),
        Statement::AlterView(view) if matches!(view.operation, AlterViewOperation::As { .. }) => {
            Err(reason::replaced(&format!(
                "view {}",
                names::object(&view.name)
            )))
        }
        Statement::CreateFunction(function) if function.or_replace || function.or_alter => Err(
            reason::replaced(&format!("function {}", names::object(&function.name))),
        ),
        Statement::CreateTrigger(trigger) if state.made(&trigger.table_name) => Ok(()),
        Statement::CreateTrigger(trigger) => Err(reason::constrained(
            "a trigger",
            &names::object(&trigger.table_name),
        )),
        Statement::AlterType(alter) => check_type(alter),
        Statement::Copy {
            source, to, target, ..
        } if is_plain_copy(source, *to, target) => Ok(()),
        // What a BEGIN encloses is not judged, so there must be nothing.
        Statement::StartTransaction { statements, .. } if !statements.is_empty() => {
            Err(reason::unknown())
        }
        // PostgreSQL's has words that this tree lacks.
        Statement::Vacuum(_) if state.dialect() == Dialect::Sqlite => Ok(()),
        // Only of what the text has made: the others are refused before.
        Statement::RenameTable(_) => Ok(()),
        _ if is_new(statement) || only_looks(statement) || is_of_session(statement) => Ok(()),
        _ => Err(reason::unknown()),
    }
}

fn check_type(alter: &AlterType) -> Result<(), Finding> {
    match alter.operation {
        AlterTypeOperation::AddValue(_) => Err(Finding::new(
            Rule::ChangeType,
            format!(
                "it adds a value to type {}, which the old version reads as soon as the new one writes it, and \
                     does not know. Add it when contracting, or where the old version survives an unknown value, by \
                     a command.",
                names::object(&alter.name)
            ),
        )),
        // Refused before.
        AlterTypeOperation::Rename(_) | AlterTypeOperation::RenameValue(_) => Ok(()),
    }
}

fn is_new(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::CreateView(_)
            | Statement::CreateVirtualTable { .. }
            | Statement::CreateSequence { .. }
            | Statement::CreateType { .. }
            | Statement::CreateDomain(_)
            | Statement::CreateCollation(_)
            | Statement::CreateExtension(_)
            | Statement::CreateSchema {
                or_replace: false,
                ..
            }
            | Statement::CreateDatabase {
                or_replace: false,
                ..
            }
            | Statement::CreateFunction(_)
            | Statement::CreateProcedure {
                or_alter: false,
                ..
            }
            | Statement::CreateRole(_)
            | Statement::CreateUser(_)
            | Statement::Grant(_)
            | Statement::GrantRole(_)
            | Statement::Comment { .. }
    )
}

fn only_looks(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::ExplainTable { .. }
            | Statement::Analyze(_)
            | Statement::ShowVariable { .. }
            | Statement::ShowVariables { .. }
            | Statement::ShowStatus { .. }
            | Statement::ShowCreate { .. }
            | Statement::ShowColumns { .. }
            | Statement::ShowTables { .. }
            | Statement::ShowDatabases { .. }
            | Statement::ShowSchemas { .. }
            | Statement::ShowFunctions { .. }
            | Statement::ShowCollation { .. }
            | Statement::ShowProcessList { .. }
    )
}

/// What holds for this session alone, and what is judged by itself because it locks or reaches the whole server.
fn is_of_session(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Set(_)
            | Statement::Reset(_)
            | Statement::Flush { .. }
            | Statement::Use(_)
            | Statement::Pragma { .. }
            | Statement::StartTransaction { .. }
            | Statement::Commit { .. }
            | Statement::Rollback { .. }
            | Statement::Savepoint { .. }
            | Statement::ReleaseSavepoint { .. }
            | Statement::LockTables { .. }
            | Statement::UnlockTables
            | Statement::OptimizeTable { .. }
            | Statement::AlterIndex { .. }
    )
}
