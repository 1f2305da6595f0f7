//! The statements inside of a `DO` block, each judged as if it stood alone.

use super::changes::remember;
use super::outside::fails_in_a_transaction;
use super::tree::plain;
use super::{additive, calls, locks as of_one, rules, single};
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::{Boundary, State};
use crate::step::Step;
use crate::{parse, reason};
use squawk_syntax::SyntaxKind::{self, SELECT};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AstNode, CallExpr, Do, Stmt};

/// What of a block nobody knows before it runs.
const HIDDEN: [SyntaxKind; 9] = [
    SyntaxKind::PLPGSQL_CALL_STMT,
    SyntaxKind::PLPGSQL_COMMIT_STMT,
    SyntaxKind::PLPGSQL_DO_STMT,
    SyntaxKind::PLPGSQL_DYN_EXECUTE_STMT,
    SyntaxKind::PLPGSQL_FOR_DYN_STMT,
    SyntaxKind::PLPGSQL_OPEN_EXECUTE,
    SyntaxKind::PLPGSQL_RETURN_QUERY_EXECUTE_STMT,
    SyntaxKind::PLPGSQL_ROLLBACK_STMT,
    SyntaxKind::PLPGSQL_OPEN_STMT,
];

pub(super) fn dangers(block: &Do, state: &State, step: Step) -> Vec<Finding> {
    let Some(body) = block.plpgsql() else {
        return vec![hidden("it runs a block in a language that is not known")];
    };
    if let Some(error) = body.errors().first() {
        return vec![reason::unreadable(error.message())];
    }
    let root = body.syntax();
    let unknown =
        is_hidden(&root).then(|| hidden("its block runs SQL that is only known when it runs"));
    let state = &within(&root, state);
    let judged = statements(&root);
    let found = judged.flat_map(|statement| inner(&statement, state, step));
    unknown.into_iter().chain(found).collect()
}

fn is_hidden(root: &SyntaxNode) -> bool {
    root.descendants().any(|it| HIDDEN.contains(&it.kind()))
}

/// What is known within a block: what was made in front of it, and the rules of all its statements, but not what it
/// makes itself, perhaps only in one case. If it may change what a name means, nothing is known.
fn within(root: &SyntaxNode, state: &State) -> State {
    let mut after = state.clone();
    rules::remember(root, &mut after);
    let mut known = after.clone();
    for statement in statements(root) {
        remember(&statement, false, &mut after);
    }
    let mut calls = root.descendants().filter_map(CallExpr::cast);
    let sets = calls.any(|call| calls::name(&call).as_deref() == Some("set_config"));
    if sets || is_hidden(root) || !after.means_the_same(state) {
        known.forget();
    }
    known
}

/// A block is one transaction, whatever stands in front of it.
pub(super) fn locks(block: &Do, state: &State) -> Vec<Finding> {
    let Some(body) = block.plpgsql() else {
        return Vec::new();
    };
    let root = body.syntax();
    let (mut within, mut found) = (within(&root, state), Vec::new());
    if !within.in_transaction() {
        within.boundary(Boundary::Begin);
    }
    for statement in statements(&root) {
        found.extend(of_one::judge(&statement, &within));
        remember(&statement, false, &mut within);
    }
    found
}

/// The first statement of a block that waits for a lock.
pub(super) fn waits(block: &Do, state: &State) -> Option<Finding> {
    let body = block.plpgsql()?;
    let root = body.syntax();
    let state = &within(&root, state);
    let mut inside = statements(&root);
    inside.find_map(|statement| single::waits_for_a_lock(&statement, state))
}

fn hidden(found: &str) -> Finding {
    let reason = format!(
        "{found}, so it cannot be judged. Write the statements without the block. {}",
        reason::if_sure(Rule::Unknown)
    );
    Finding::new(Rule::Unknown, reason)
}

/// The statements of SQL in a block, but for those that are part of another.
fn statements(root: &SyntaxNode) -> impl Iterator<Item = Stmt> {
    root.descendants().filter_map(Stmt::cast).filter(|it| {
        let parents = it.syntax().ancestors().skip(1);
        !parents
            .into_iter()
            .any(|parent| Stmt::can_cast(parent.kind()))
    })
}

/// A query of a block may begin with PERFORM, which the other parser does not know.
fn inner(statement: &Stmt, state: &State, step: Step) -> Vec<Finding> {
    if let Some(found) = fails_in_a_transaction(statement) {
        return vec![found];
    }
    if statement.syntax().kind() == SELECT {
        return additive::judge(statement, state);
    }
    let text = plain(statement);
    let known = parse::one(&text, state.dialect());
    let found = known.map(|known| parse::judge(&known, state, step));
    match found {
        Ok(found) if !found.iter().any(Finding::is_unknown) => found,
        _ => single::dangers(statement, state, step),
    }
}
