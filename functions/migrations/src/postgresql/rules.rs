//! The rules that a statement adds to tables, also those that only PostgreSQL's own grammar has.

use super::names::Table;
use super::tree::{has, holds, plain};
use crate::state::State;
use squawk_syntax::SyntaxKind as Kind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AddColumn, AlterTable, AlterTableAction, AstNode, CreateIndex};

/// Keeps the rules of all statements within a node.
pub(super) fn remember(node: &SyntaxNode, state: &mut State) {
    for table in node.descendants().filter_map(AlterTable::cast) {
        if let Some(name) = Table::of(table.table_relation_name()) {
            state.rule(&name.key(), of(&table));
        }
    }
    let indexes = node.descendants().filter_map(CreateIndex::cast);
    for index in indexes.filter(|index| index.unique_token().is_some()) {
        if let Some(name) = Table::of(index.table_relation_name()) {
            state.rule(&name.key(), [plain(&index)]);
        }
    }
}

/// The rules that an `ALTER TABLE` adds, as texts that name their columns.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other operations add no rule"
)]
pub(super) fn of(table: &AlterTable) -> Vec<String> {
    let rule = |action: AlterTableAction| {
        let text = match action {
            AlterTableAction::AddColumn(added) if is_ruled(&added) => plain(&added),
            AlterTableAction::AddConstraint(added) => plain(&added),
            _ => return None,
        };
        // What a foreign key refers to is in another table.
        let text = text.to_lowercase();
        text.split(" references ").next().map(str::to_owned)
    };
    table.actions().filter_map(rule).collect()
}

fn is_ruled(added: &AddColumn) -> bool {
    let node = added.syntax();
    let rules = [
        Kind::UNIQUE_CONSTRAINT,
        Kind::PRIMARY_KEY_CONSTRAINT,
        Kind::REFERENCES_CONSTRAINT,
    ];
    rules.into_iter().any(|rule| has(node, rule)) || holds(node, Kind::CHECK_CONSTRAINT)
}
