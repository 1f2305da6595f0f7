//! The step before traffic moves: only what is known to be additive.

use super::names::Table;
use super::reasons::{self, changes_rows, object, renamed};
use super::tree::{has, holds, plain};
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use crate::state::State;
use squawk_syntax::SyntaxKind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AlterSequence, AstNode, Commit, CreatePublication, Rollback, Stmt};

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a statement is refused unless it is known to be additive"
)]
pub(super) fn judge(statement: &Stmt, state: &State) -> Vec<Finding> {
    let node = statement.syntax();
    let found = match statement {
        Stmt::AlterIndex(_) if holds(node, SyntaxKind::SET_SCHEMA) => Some(renamed("an index")),
        Stmt::AlterSequence(sequence) => {
            let kept = Table::of(sequence.sequence_ref()).filter(|it| !it.is_made(state));
            kept.and_then(|_| self::sequence(sequence))
        }
        Stmt::CreateIndex(index) if index.unique_token().is_some() => {
            let table = Table::of(index.table_relation_name()).filter(|it| !it.is_made(state));
            table.map(|table| reason::constrained("a unique index", &table.to_string()))
        }
        Stmt::CreateTrigger(trigger) => {
            let table = Table::of(trigger.on_relation());
            guarded(table, state, "a trigger")
        }
        Stmt::CreateRule(rule) => guarded(Table::of(rule.rule_on()), state, "a rule"),
        Stmt::CreatePublication(publication) => self::publication(publication),
        Stmt::CreatePolicy(policy) => guarded(Table::of(policy.on_table()), state, "a policy"),
        Stmt::Copy(copy) => reasons::copy(copy),
        Stmt::Commit(Commit::CommitPrepared(_)) | Stmt::Rollback(Rollback::RollbackPrepared(_)) => {
            reasons::environment(node)
        }
        Stmt::DropTable(table) => {
            let mut tables = table.table_name_refs().map(|it| Table::of(Some(it)));
            let kept = tables.find(|it| it.as_ref().is_none_or(|it| !it.is_made(state)));
            kept.map(|it| {
                let name = it.map_or_else(String::new, |it| it.to_string());
                reason::dropped(&format!("it drops the table {name}"))
            })
        }
        Stmt::DropIndex(index) => {
            let names = index.index_refs().filter_map(|it| Table::of(Some(it)));
            let names: Vec<String> = names.map(|it| it.to_string()).collect();
            let names = names.join(", ");
            Some(reason::dropped(&format!("it drops the index {names}")))
        }
        Stmt::Select(_) | Stmt::CompoundSelect(_) if changes_rows(node) => Some(reason::unjudged()),
        Stmt::Refresh(_) | Stmt::Select(_) | Stmt::CompoundSelect(_) => None,
        _ if has(node, SyntaxKind::OR_REPLACE) => Some(reason::replaced(&object(node))),
        _ if is_harmless(statement) => None,
        _ => Some(refused(node)),
    };
    found.into_iter().collect()
}

/// Something that watches the writes of a table.
fn guarded(table: Option<Table>, state: &State, what: &str) -> Option<Finding> {
    let table = table?;
    (!table.is_made(state)).then(|| {
        let reason = format!(
            "it puts {what} on {table}, so writes of the old version may be refused or changed. Let the new version do \
             it, and create it when contracting."
        );
        Finding::new(Rule::Constrain, reason)
    })
}

/// Where a table without a primary key is published, its updates and deletes fail.
fn publication(publication: &CreatePublication) -> Option<Finding> {
    publication.publication_for_clause().is_some().then(|| {
        let reason = "it publishes tables, and updates and deletes of one without a primary key fail from then on. Create \
                      it outside of a release.";
        Finding::new(Rule::Constrain, reason)
    })
}

fn sequence(sequence: &AlterSequence) -> Option<Finding> {
    let mut actions = sequence.actions();
    let text = plain(sequence).to_lowercase();
    if actions.all(|it| it.syntax().kind() == SyntaxKind::OPTION_OWNED_BY) {
        return None;
    }
    let renames = text.contains("rename") || text.contains("schema");
    Some(if renames {
        renamed("a sequence")
    } else {
        reason::unknown()
    })
}

/// What a statement is refused for that nobody knows by heart: its first words say enough.
fn refused(node: &SyntaxNode) -> Finding {
    if reasons::is_drop(node) {
        return reason::dropped(&format!("it drops {}", object(node)));
    }
    reasons::environment(node).unwrap_or_else(|| {
        if reasons::renames(node) {
            renamed(&format!("{} or a part of it", object(node)))
        } else {
            reason::unknown()
        }
    })
}

fn is_harmless(statement: &Stmt) -> bool {
    matches!(
        statement,
        Stmt::AlterIndex(_)
            | Stmt::AlterStatistics(_)
            | Stmt::Analyze(_)
            | Stmt::Begin(_)
            | Stmt::Cluster(_)
            | Stmt::CommentOn(_)
            | Stmt::Commit(_)
            | Stmt::CreateAggregate(_)
            | Stmt::CreateCollation(_)
            | Stmt::CreateDomain(_)
            | Stmt::CreateExtension(_)
            | Stmt::CreateForeignTable(_)
            | Stmt::CreateFunction(_)
            | Stmt::CreateGroup(_)
            | Stmt::CreateIndex(_)
            | Stmt::CreateMaterializedView(_)
            | Stmt::CreateProcedure(_)
            | Stmt::CreateRole(_)
            | Stmt::CreateSchema(_)
            | Stmt::CreateSequence(_)
            | Stmt::CreateStatistics(_)
            | Stmt::CreateTable(_)
            | Stmt::CreateType(_)
            | Stmt::CreateUser(_)
            | Stmt::CreateView(_)
            | Stmt::Deallocate(_)
            | Stmt::Grant(_)
            | Stmt::Lock(_)
            | Stmt::Reindex(_)
            | Stmt::ReleaseSavepoint(_)
            | Stmt::Reset(_)
            | Stmt::Rollback(_)
            | Stmt::SavepointCreate(_)
            | Stmt::Set(_)
            | Stmt::SetConstraints(_)
            | Stmt::SetRole(_)
            | Stmt::SetTransaction(_)
            | Stmt::Show(_)
            | Stmt::Vacuum(_)
    )
}
