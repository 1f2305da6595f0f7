//! What a statement changes of what is known, as far as the other parser does not see it.

use super::names::{Table, column, folded};
use super::tables::{constraint, is_gentle};
use super::tree::{holds, plain};
use super::{calls, columns, operations, rules};
use crate::state::{Boundary, Lifetime, State, is_harmless};
use squawk_syntax::SyntaxKind as Kind;
use squawk_syntax::ast::{
    AlterTable, AlterTableAction, AstNode, CallExpr, Column, Commit, CreateTable, Do, Rollback,
    Stmt,
};

/// What a statement does to the transaction.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "these are all that begin or end a transaction"
)]
pub(crate) fn boundary(statement: &Stmt) -> Option<Boundary> {
    let text = plain(statement).to_lowercase();
    let chain = text.contains("chain") && !text.contains("no chain");
    match statement {
        Stmt::Begin(_) => Some(Boundary::Begin),
        Stmt::Commit(Commit::CommitTransaction(_)) => Some(Boundary::Commit { chain }),
        Stmt::PrepareTransaction(_) => Some(Boundary::Commit { chain: false }),
        Stmt::Rollback(Rollback::RollbackTransaction(_)) => Some(Boundary::Rollback { chain }),
        Stmt::Rollback(Rollback::RollbackToSavepoint(_)) => Some(Boundary::RollbackTo),
        _ => None,
    }
}

/// Keeps what both parsers see apart: `known` says whether the other one has read the statement.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a few of more than a hundred kinds change what is known"
)]
pub(crate) fn remember(statement: &Stmt, known: bool, state: &mut State) {
    settings(statement, state);
    rules::remember(statement.syntax(), state);
    match statement {
        Stmt::CreateTable(table) => create(table, known, state),
        Stmt::CreateSequence(sequence) if sequence.if_not_exists().is_none() => {
            if let Some(name) = Table::of(sequence.sequence()) {
                state.make(name.key(), Lifetime::Lasting);
            }
        }
        Stmt::CreateMaterializedView(view) if view.if_not_exists().is_none() => {
            if let Some(name) = Table::of(view.view()) {
                state.make(name.key(), Lifetime::Lasting);
            }
        }
        Stmt::DropTable(table) => {
            for name in table.table_name_refs() {
                if let Some(name) = Table::of(Some(name)) {
                    state.unmake(&name.key());
                }
            }
        }
        Stmt::AlterTable(table) => {
            if !known && let Some(statement) = operations::known(table, state.dialect()) {
                state.remember(&statement);
            }
            alter(table, state);
        }
        Stmt::Do(it) => block(it, state),
        Stmt::Discard(_) => {
            state.limit_locks(false);
            state.mean_others();
        }
        Stmt::AlterSchema(_)
        | Stmt::Call(_)
        | Stmt::DropOwned(_)
        | Stmt::DropSchema(_)
        | Stmt::Execute(_)
        | Stmt::ResetRole(_)
        | Stmt::ResetSessionAuth(_)
        | Stmt::SetRole(_)
        | Stmt::SetSessionAuth(_) => state.mean_others(),
        Stmt::Lock(lock) => {
            let table = Table::of(lock.relation_list());
            state.take_lock(table.map_or_else(|| "a table".to_owned(), |it| it.to_string()));
        }
        _ => {}
    }
}

/// What a block does to names is not followed, so they may mean anything.
fn block(block: &Do, state: &mut State) {
    if let Some(body) = block.plpgsql() {
        rules::remember(&body.syntax(), state);
        let altered = body.syntax().descendants().filter_map(AlterTable::cast);
        altered.for_each(|table| lock(&table, state));
    }
    state.mean_others();
}

fn create(table: &CreateTable, known: bool, state: &mut State) {
    let Some(name) = Table::of(table.table_name()) else {
        return;
    };
    if table.if_not_exists().is_some() {
        return;
    }
    let drops = table
        .on_commit()
        .is_some_and(|it| holds(it.syntax(), Kind::DROP_KW));
    let lifetime = if drops {
        Lifetime::Transaction
    } else {
        Lifetime::Lasting
    };
    if !known {
        state.make(name.key(), lifetime);
    }
    let columns = table.syntax().descendants().filter_map(Column::cast);
    for it in columns {
        if columns::is_serial(it.ty()) || holds(it.syntax(), Kind::GENERATED_CONSTRAINT) {
            // As PostgreSQL names it.
            let sequence = format!("{}_{}_seq", name.key(), column(it.name()));
            state.make(sequence, lifetime);
        }
    }
}

/// What an `ALTER TABLE` locks until its transaction ends.
fn lock(table: &AlterTable, state: &mut State) {
    let name = Table::of(table.table_relation_name()).filter(|it| !it.is_made(state));
    if let Some(name) = name.filter(|_| !is_gentle(table)) {
        state.take_lock(name.to_string());
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations change nothing that is known"
)]
fn alter(table: &AlterTable, state: &mut State) {
    let Some(name) = Table::of(table.table_relation_name()) else {
        return;
    };
    lock(table, state);
    for action in table.actions() {
        match action {
            AlterTableAction::ValidateConstraint(it) => {
                let checked = constraint(&name, &column(it.constraint_name_ref()));
                state.validate(name.key(), &checked);
            }
            AlterTableAction::AddConstraint(added) if holds(added.syntax(), Kind::NOT_VALID) => {
                let written = added.constraint().and_then(|it| {
                    it.syntax()
                        .descendants()
                        .find(|it| it.kind() == Kind::CONSTRAINT_NAME)
                });
                let written = written.map(|it| folded(&it.text().to_string()));
                let key = constraint(&name, &written.unwrap_or_default());
                state.leave_unchecked(key, never_null(&plain(&added)));
            }
            AlterTableAction::TableRenameTo(_)
            | AlterTableAction::RenameColumn(_)
            | AlterTableAction::SetSchema(_) => state.forget(),
            _ => {}
        }
    }
}

/// The column of `CHECK (column IS NOT NULL)`, if a constraint says nothing else.
fn never_null(constraint: &str) -> Option<String> {
    let text = constraint.split_whitespace().collect::<Vec<_>>().join(" ");
    let (start, end) = (text.find('(')?, text.rfind(')')?);
    let check = text.get(start..end)?;
    let check = check.trim_matches(|sign| matches!(sign, '(' | ')' | ' '));
    let at = check.to_lowercase().find(" is not null")?;
    let (name, rest) = check.split_at_checked(at)?;
    let alone = rest.eq_ignore_ascii_case(" is not null")
        && !name.contains(|sign: char| sign.is_whitespace() || sign == '(');
    alone.then(|| folded(name))
}

/// `SET`, `RESET` and `set_config`, wherever it is called.
fn settings(statement: &Stmt, state: &mut State) {
    if let Stmt::Set(set) = statement {
        let mut parts = set.syntax().descendants();
        let name = parts.find(|it| it.kind() == Kind::CONFIG_PARAMETER_REF);
        let name = name.map(|it| folded(&it.text().to_string()));
        let text = plain(set).to_lowercase();
        let value = text.split_once('=').or_else(|| text.split_once(" to "));
        let local = text.split_whitespace().nth(1) == Some("local");
        assign(
            name.as_deref(),
            value.map_or("", |(_, value)| value),
            local,
            state,
        );
    }
    if let Stmt::Reset(reset) = statement {
        let text = plain(reset);
        let name = text.split_whitespace().nth(1).map(folded);
        // RESET ALL resets these too.
        let name = name.as_deref().filter(|name| *name != "all");
        assign(name.or(Some("lock_timeout")), "", false, state);
        if name.is_none() {
            state.mean_others();
        }
    }
    let calls = statement.syntax().descendants().filter_map(CallExpr::cast);
    for call in calls.filter(|call| calls::name(call).as_deref() == Some("set_config")) {
        let [name, value] = calls::strings(&call);
        assign(Some(&name), &value, calls::third_is_true(&call), state);
    }
}

fn assign(name: Option<&str>, value: &str, local: bool, state: &mut State) {
    if matches!(name, Some("lock_timeout" | "statement_timeout")) {
        // 0 is no limit, nor is the default.
        let limited = value.contains(|digit: char| matches!(digit, '1'..='9'));
        if local {
            state.limit_locks_locally(limited);
        } else {
            state.limit_locks(limited);
        }
    }
    if !name.is_some_and(is_harmless) {
        state.mean_others();
    }
}
