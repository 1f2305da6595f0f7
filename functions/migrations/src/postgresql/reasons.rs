//! What statements are refused for in both steps.

use super::tree::{has, holds, plain};
use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
use squawk_syntax::SyntaxKind;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{AstNode, Copy};

/// Rows may come in from the client or go out to it; files and programs are the server's.
pub(super) fn copy(copy: &Copy) -> Option<Finding> {
    let text = plain(copy).to_lowercase();
    if changes_rows(copy.syntax()) {
        return Some(reason::unjudged());
    }
    let by_client = text.contains("stdin") || text.contains("stdout");
    let harmless = by_client && !holds(copy.syntax(), SyntaxKind::COPY_PROGRAM);
    (!harmless).then(reason::unjudged)
}

pub(super) fn changes_rows(node: &SyntaxNode) -> bool {
    use SyntaxKind::{DELETE, INSERT, MERGE, UPDATE};
    let mut parts = node.descendants();
    parts.any(|it| matches!(it.kind(), DELETE | INSERT | MERGE | UPDATE))
}

pub(super) fn renamed(what: &str) -> Finding {
    let reason = format!(
        "it renames {what} or moves it to another schema, and the version that knows the other name fails at once. \
         Never rename in one step: add the new one, let the new version use it, and drop the old one in a later release."
    );
    Finding::new(Rule::Rename, reason)
}

pub(super) fn is_drop(node: &SyntaxNode) -> bool {
    format!("{:?}", node.kind()).starts_with("DROP_")
}

/// What a statement, or one of its operations, drops beside what it names. `ON DELETE CASCADE` drops nothing now.
pub(super) fn cascade(node: &SyntaxNode) -> Option<Finding> {
    let drops = |it: SyntaxNode| is_drop(&it) && holds(&it, SyntaxKind::CASCADE_KW);
    let drops = holds(node, SyntaxKind::CASCADE_KW) && node.descendants().any(drops);
    drops.then(|| {
        let found = "it drops whatever depends on it too (CASCADE)";
        reason::no_contraction(Rule::Drop, found)
    })
}

/// What a statement is about, by its kind and its first name.
pub(super) fn object(node: &SyntaxNode) -> String {
    let words = format!("{:?}", node.kind())
        .to_lowercase()
        .replace('_', " ");
    let kind = words
        .split_once(' ')
        .map_or(words.as_str(), |(_, kind)| kind);
    let named = |it: &SyntaxNode| {
        let part = format!("{:?}", it.kind());
        let ends = ["NAME", "NAME_REF", "PATH", "PATH_REF"];
        ends.iter().any(|end| part.ends_with(end))
    };
    match node.descendants().find(named) {
        Some(name) => format!("{kind} `{}`", name.text().to_string().trim()),
        None => format!("a {kind}"),
    }
}

/// A rename of what is not a constraint, which no version names.
pub(super) fn renames(node: &SyntaxNode) -> bool {
    use SyntaxKind::{RENAME_CONSTRAINT, SET_SCHEMA};
    let mut parts = node.descendants();
    parts.any(|it| {
        it.kind() == SET_SCHEMA
            || (has(&it, SyntaxKind::RENAME_KW) && it.kind() != RENAME_CONSTRAINT)
    })
}

/// Rights that are taken, and settings of more than the session.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "a few of some thousand kinds reach beyond the session"
)]
pub(super) fn environment(node: &SyntaxNode) -> Option<Finding> {
    use SyntaxKind as Kind;
    let what = match node.kind() {
        Kind::REVOKE => {
            "it takes rights, which the version that runs may need. Take them when no version uses them"
        }
        Kind::ALTER_ROLE | Kind::ALTER_USER | Kind::ALTER_GROUP => {
            "it changes a role, with which the version that runs may log in. Create another role for the new version"
        }
        Kind::DROP_ROLE | Kind::DROP_USER | Kind::DROP_GROUP => {
            "it drops a role, with which the version that runs may log in. Drop it apart from a release"
        }
        Kind::ALTER_DATABASE | Kind::ALTER_SYSTEM | Kind::ALTER_TABLESPACE => {
            "it changes a setting of the whole database, which holds for the version that runs too. Set it for the \
             session, or change it apart from a release"
        }
        Kind::ALTER_DEFAULT_PRIVILEGES => {
            "it changes who may use what is created later. Change it apart from a release"
        }
        Kind::REASSIGN => "it changes who may use many things. Change it apart from a release",
        Kind::PREPARE_TRANSACTION => {
            "it leaves a transaction and its locks open until somebody else ends it. Write COMMIT"
        }
        Kind::COMMIT_PREPARED | Kind::ROLLBACK_PREPARED => {
            "it ends a transaction that somebody else has prepared. Let whoever prepared it end it"
        }
        _ => return None,
    };
    Some(Finding::new(Rule::Environment, format!("{what}.")))
}
