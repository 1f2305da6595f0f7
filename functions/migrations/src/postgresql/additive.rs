//! The step before traffic moves: only what is known to be additive.

use super::names::Table;
use super::reasons::{self, changes_rows, renamed};
use super::tree::{has, holds, plain};
use super::{alter, names};
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
        Stmt::AlterTable(table) => return alter::judge(table, state),
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
            let kept = table.table_name_refs().find(|it| !made(it, state));
            kept.map(|it| reason::dropped(&format!("it drops the table {}", shown(&it))))
        }
        Stmt::DropIndex(index) => {
            let names: Vec<String> = index.index_refs().map(|it| shown(&it)).collect();
            Some(reason::dropped(&format!(
                "it drops the index {}",
                names.join(", ")
            )))
        }
        Stmt::Select(_) if changes_rows(node) => Some(reason::unknown()),
        Stmt::Refresh(_) | Stmt::Select(_) | Stmt::CompoundSelect(_) => None,
        _ if has(node, SyntaxKind::OR_REPLACE) => Some(reason::replaced("something")),
        _ if is_harmless(statement) => None,
        _ => Some(refused(node)),
    };
    found.into_iter().collect()
}

fn made(name: &impl AstNode, state: &State) -> bool {
    state.made_key(&key(name))
}

fn key(name: &impl AstNode) -> String {
    let path = name.syntax().first_child();
    let parts = path.iter().flat_map(SyntaxNode::descendants);
    let segments = parts.filter(|it| it.kind() == SyntaxKind::PATH_SEGMENT_REF);
    crate::state::joined(segments.map(|it| names::folded(&it.text().to_string())))
}

fn shown(name: &impl AstNode) -> String {
    format!("`{}`", plain(name).trim())
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
    let kind = format!("{:?}", node.kind());
    let what = kind.replace('_', " ");
    if kind.starts_with("DROP_") {
        return reason::dropped(&format!("{what} removes something"));
    }
    reasons::environment(node).unwrap_or_else(|| {
        if reasons::renames(node) {
            renamed("something")
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
