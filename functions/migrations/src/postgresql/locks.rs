//! What waits while a statement runs, longer the larger the table: indexes, rewrites and checks of whole tables.

use super::blocks::{blocks_all, blocks_writes};
use super::calls;
use super::names::{Table, kept};
use super::reasons::changes_rows;
use super::tables;
use super::tree::{has, holds, plain};
use crate::problem::Finding;
use crate::state::State;
use squawk_syntax::SyntaxKind::{self, CONCURRENTLY_KW};
use squawk_syntax::ast::{
    AstNode, CallExpr, CreateIndex, Lock, Reindex, ReindexTarget, RelationName, Stmt, Vacuum,
};

/// Functions that wait for a lock of the application's own.
const ADVISORY: [&str; 4] = [
    "pg_advisory_lock",
    "pg_advisory_lock_shared",
    "pg_advisory_xact_lock",
    "pg_advisory_xact_lock_shared",
];

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "what is not named here holds no lock that grows with the table"
)]
pub(super) fn judge(statement: &Stmt, state: &State) -> Vec<Finding> {
    let node = statement.syntax();
    let found = match statement {
        Stmt::AlterTable(table) => return tables::altered(table, state),
        Stmt::AlterDomain(_) => tables::domain(statement),
        Stmt::CreateTable(table) => tables::partition(table, state),
        Stmt::CreateIndex(index) => self::index(index, state),
        Stmt::DropIndex(_) if !has(node, CONCURRENTLY_KW) => Some(blocks_all(
            "it drops an index, and reads and writes of its table wait for the lock that it needs. Use DROP INDEX \
             CONCURRENTLY, outside of a transaction",
        )),
        Stmt::AlterIndex(_) if holds(node, SyntaxKind::SET_TABLESPACE) => Some(blocks_all(
            "it copies an index, and reads and writes of its table wait until that is done. Create another one with \
             CONCURRENTLY, and drop the old one",
        )),
        Stmt::Reindex(reindex) => self::reindex(reindex, state),
        Stmt::Vacuum(vacuum) => self::vacuum(vacuum, state),
        Stmt::Cluster(cluster) => rewritten(Table::of(cluster.table_name_ref()), state, "CLUSTER"),
        Stmt::Repack(_) if !holds(node, CONCURRENTLY_KW) => rewritten(None, state, "REPACK"),
        Stmt::Refresh(view) if Table::of(view.view_ref()).is_some_and(|it| it.is_made(state)) => {
            None
        }
        Stmt::Refresh(_) if !has(node, CONCURRENTLY_KW) => Some(blocks_all(
            "it fills a materialized view, and whoever reads it waits until that is done. Give the view a unique index \
             and use REFRESH MATERIALIZED VIEW CONCURRENTLY",
        )),
        Stmt::Lock(lock) => self::lock(lock, state),
        Stmt::Update(_) | Stmt::Delete(_) | Stmt::Merge(_) | Stmt::Insert(_) => {
            behind(statement, state)
        }
        Stmt::Select(_) | Stmt::CompoundSelect(_) if changes_rows(node) => behind(statement, state),
        _ => advisory(statement),
    };
    found.into_iter().collect()
}

fn index(index: &CreateIndex, state: &State) -> Option<Finding> {
    let relation = index.table_relation_name();
    let empty = relation
        .as_ref()
        .is_some_and(|it| it.only_token().is_some());
    let table = Table::of(relation)?;
    let harmless = has(index.syntax(), CONCURRENTLY_KW) || empty || table.is_made(state);
    let unique = index.unique_token().map_or("", |_| "UNIQUE ");
    let mut advice = format!(
        "wait until it is built. Use CREATE {unique}INDEX CONCURRENTLY, outside of a transaction"
    );
    if state.made_if_missing_key(&table.key()) {
        advice += " (its CREATE TABLE IF NOT EXISTS may find an old table)";
    }
    let finding = if let Some(locked) = state.locked() {
        blocks_all(&format!(
            "it builds an index of {table} while its transaction holds a lock on {locked}, and reads and writes of that \
             {advice}"
        ))
    } else {
        blocks_writes(&format!(
            "it builds an index of {table}, and writes of the table {advice}"
        ))
    };
    (!harmless).then_some(finding)
}

fn reindex(reindex: &Reindex, state: &State) -> Option<Finding> {
    let table = match reindex.reindex_target()? {
        ReindexTarget::ReindexTargetTable(target) => Table::of(target.table_name_ref()),
        ReindexTarget::ReindexTargetDatabase(_)
        | ReindexTarget::ReindexTargetIndex(_)
        | ReindexTarget::ReindexTargetSchema(_)
        | ReindexTarget::ReindexTargetSystem(_) => None,
    };
    let made = table.is_some_and(|table| table.is_made(state));
    (!made && !holds(reindex.syntax(), CONCURRENTLY_KW)).then(|| {
        blocks_all(
            "it builds an index anew, and writes of the table and reads by the index wait until it is built. Use REINDEX \
             CONCURRENTLY, outside of a transaction",
        )
    })
}

fn vacuum(vacuum: &Vacuum, state: &State) -> Option<Finding> {
    let options = vacuum.vacuum_option_list();
    let mut options = options.iter().flat_map(|list| list.vacuum_options());
    let full = options.any(|option| {
        let text = plain(&option).to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        words.first() == Some(&"full") && !matches!(words.get(1), Some(&("false" | "off" | "0")))
    });
    if !full && vacuum.full_token().is_none() {
        return None;
    }
    let list = vacuum.table_and_columns_list();
    let tables = list.iter().flat_map(|list| list.table_and_columnss());
    match kept(tables, state) {
        None if list.is_some() => None,
        table => rewritten(table, state, "VACUUM FULL"),
    }
}

fn rewritten(table: Option<Table>, state: &State, command: &str) -> Option<Finding> {
    let made = table.as_ref().is_some_and(|table| table.is_made(state));
    let table = table.map_or_else(|| "every table".to_owned(), |table| table.to_string());
    (!made).then(|| {
        blocks_all(&format!(
            "{command} writes {table} anew, and reads and writes wait until that is done. Use pg_repack or pg_squeeze, or \
             let autovacuum do it"
        ))
    })
}

fn lock(lock: &Lock, state: &State) -> Option<Finding> {
    let list = lock.relation_list();
    let table = kept(list.iter().flat_map(|list| list.relation_names()), state)?;
    let mode = lock.lock_mode_clause();
    let text = mode.as_ref().map(|mode| plain(mode).to_uppercase());
    let words = text.as_deref().unwrap_or("IN ACCESS EXCLUSIVE MODE");
    let words: Vec<&str> = words
        .split_whitespace()
        .filter(|it| !matches!(*it, "IN" | "MODE"))
        .collect();
    let found = format!(
        "it locks {table} until the transaction ends, and others wait for it. Leave the lock out"
    );
    match words.as_slice() {
        ["ACCESS" | "ROW", "SHARE"] | ["ROW", "EXCLUSIVE"] | ["SHARE", "UPDATE", "EXCLUSIVE"] => {
            None
        }
        ["SHARE"] | ["SHARE", "ROW", "EXCLUSIVE"] | ["EXCLUSIVE"] => Some(blocks_writes(&found)),
        _ => Some(blocks_all(&found)),
    }
}

/// Rows that are changed while the transaction holds a lock that stops all others.
fn behind(statement: &Stmt, state: &State) -> Option<Finding> {
    let node = statement.syntax();
    let target = node.children().find_map(RelationName::cast);
    let target = Table::of(target);
    let made = target.as_ref().is_some_and(|table| table.is_made(state));
    let version = target.as_ref().is_some_and(Table::keeps_a_version);
    let inserts = matches!(statement, Stmt::Insert(_));
    let few = (inserts || version) && !holds(node, SyntaxKind::FROM_CLAUSE);
    let Some(locked) = state.locked().filter(|_| !made && !few) else {
        return advisory(statement);
    };
    Some(blocks_all(&format!(
        "it changes rows while its transaction holds a lock on {locked}, and reads and writes of {locked} wait until it is \
         done. Commit in front of it"
    )))
}

fn advisory(statement: &Stmt) -> Option<Finding> {
    let mut calls = statement.syntax().descendants().filter_map(CallExpr::cast);
    let waits =
        calls.any(|call| calls::name(&call).is_some_and(|it| ADVISORY.contains(&it.as_str())));
    waits.then(|| {
        blocks_all(
            "it waits for an advisory lock, and whoever wants the same one waits for it. Use pg_try_advisory_lock, and \
             end if it says no",
        )
    })
}
