//! Locks that a statement needs, however shortly: what waits for one makes everybody behind it wait too.

use super::names::{Table, kept};
use super::tables;
use super::tree::has;
use crate::state::State;
use squawk_syntax::SyntaxKind::{CONCURRENTLY_KW, FOREIGN_KEY_CONSTRAINT, REFERENCES_CONSTRAINT};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AstNode, Stmt, TableNameRef};

/// The table or view, not made by the text, on which a statement needs a lock that stops reads or writes.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the others need no such lock, or none on one table"
)]
pub(super) fn wanted(statement: &Stmt, state: &State) -> Option<Table> {
    let node = statement.syntax();
    let table = match statement {
        Stmt::AlterTable(table) if tables::is_gentle(table) => None,
        Stmt::AlterTable(table) => {
            let own = Table::of(table.table_relation_name()).filter(|it| !it.is_made(state));
            return own.or_else(|| referred(node, None, state));
        }
        Stmt::CreateTable(table) => {
            let parent = table.partition_of().and_then(|it| it.table_name_ref());
            let parent = Table::of(parent).filter(|it| !it.is_made(state));
            return parent.or_else(|| referred(node, Table::of(table.table_name()), state));
        }
        Stmt::CreateIndex(index) if !has(node, CONCURRENTLY_KW) => {
            Table::of(index.table_relation_name())
        }
        Stmt::CreateTrigger(trigger) => Table::of(trigger.on_relation()),
        Stmt::CreateRule(rule) => Table::of(rule.rule_on()),
        Stmt::CreatePolicy(policy) => Table::of(policy.on_table()),
        Stmt::DropTrigger(trigger) => Table::of(trigger.on_relation()),
        Stmt::DropRule(rule) => Table::of(rule.on_relation()),
        Stmt::DropPolicy(policy) => Table::of(policy.on_table()),
        Stmt::DropTable(table) => return kept(table.table_name_refs(), state),
        Stmt::DropView(view) => return kept(view.view_refs(), state),
        Stmt::DropMaterializedView(view) => return kept(view.view_refs(), state),
        Stmt::DropIndex(index) if !has(node, CONCURRENTLY_KW) => {
            Table::of(index.index_refs().next())
        }
        Stmt::Truncate(truncate) => {
            let list = truncate.table_list();
            return kept(list.iter().flat_map(|it| it.table_relation_names()), state);
        }
        Stmt::Cluster(cluster) => Table::of(cluster.table_name_ref()),
        Stmt::Lock(lock) if lock.nowait().is_none() => {
            let list = lock.relation_list();
            return kept(list.iter().flat_map(|it| it.relation_names()), state);
        }
        _ => None,
    };
    table.filter(|table| !table.is_made(state))
}

/// A table that another one refers to from here on: it gets triggers, for which its writes wait.
fn referred(node: &SyntaxNode, own: Option<Table>, state: &State) -> Option<Table> {
    let keys = node
        .descendants()
        .filter(|it| matches!(it.kind(), REFERENCES_CONSTRAINT | FOREIGN_KEY_CONSTRAINT));
    let mut tables = keys.filter_map(|key| Table::of(key.children().find_map(TableNameRef::cast)));
    let own = own.map(|own| own.key());
    tables.find(|it| !it.is_made(state) && Some(it.key()) != own)
}
