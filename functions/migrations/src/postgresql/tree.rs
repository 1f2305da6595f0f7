//! Reads one statement.

use squawk_syntax::SyntaxKind::{self, COMMENT};
use squawk_syntax::ast::{AstNode, Stmt};
use squawk_syntax::{Parse, SourceFile, SyntaxNode};

/// One statement without errors.
pub(crate) struct Tree {
    pub(crate) statement: Stmt,
}

impl Tree {
    /// Reads a text that must be one statement; says why it is none.
    pub(crate) fn read(text: &str) -> Result<Tree, String> {
        let parse = SourceFile::parse(text);
        if let Some(error) = parse.errors().first() {
            let start = usize::from(error.range().start());
            let before = text.get(..start).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            return Err(format!(
                "{} at line {line} of the statement",
                error.message()
            ));
        }
        only(&parse).map(|statement| Tree { statement })
    }
}

fn only(parse: &Parse<SourceFile>) -> Result<Stmt, String> {
    let statements = parse.tree().stmts();
    let mut statements = statements.filter(|it| !matches!(it, Stmt::EmptyStmt(_)));
    match (statements.next(), statements.next()) {
        (Some(statement), None) => Ok(statement),
        (None, _) => Err("there is no statement".to_owned()),
        (Some(_), Some(_)) => Err("expected the end of the statement".to_owned()),
    }
}

/// Whether a node has such a part, not counting the parts of its parts.
pub(super) fn has(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.children_with_tokens().any(|part| part.kind() == kind)
}

/// Whether a node has such a part anywhere.
pub(super) fn holds(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    let mut parts = node.descendants_with_tokens();
    parts.any(|part| part.kind() == kind)
}

/// A node's text without comments.
pub(super) fn plain(node: &impl AstNode) -> String {
    let tokens = node.syntax().descendants_with_tokens();
    let tokens = tokens.filter_map(squawk_syntax::SyntaxElement::into_token);
    let shown = tokens.map(|token| {
        if token.kind() == COMMENT {
            " ".to_owned()
        } else {
            token.text().to_owned()
        }
    });
    shown.collect()
}
