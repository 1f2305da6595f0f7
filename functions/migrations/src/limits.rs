//! What is too large to be judged: a migration that somebody wrote stays far below.

use crate::split::Piece;

/// Bytes of a text.
pub const TEXT_MAX: usize = 16 << 20;

/// Bytes of a statement.
pub(crate) const STATEMENT_MAX: usize = 1 << 20;

/// Statements of a text: as many as there are with 160 bytes each in the longest one.
const STATEMENTS_MAX: usize = 100_000;

/// Dangers after which nobody needs the next: with the one that says so, as many as a report keeps.
const DANGERS_MAX: usize = 999;

/// Words, strings and signs of a statement, with what its queries weigh: up to 90 MB while it is read.
const TOKENS_MAX: usize = 80_000;

/// A query takes as much memory as so many words.
const QUERY: usize = 20;

/// Words, strings and signs of a statement of which PostgreSQL's own grammar is read too.
const TREE_TOKENS_MAX: usize = 20_000;

/// How deep parentheses may be nested for that.
const TREE_DEPTH_MAX: usize = 200;

/// Why neither a statement nor what follows it is read, behind so many dangers and statements.
pub(crate) fn enough(dangers: usize, statements: usize) -> Option<String> {
    if dangers >= DANGERS_MAX {
        Some(format!(
            "after {DANGERS_MAX} dangers, nothing more of a text is read"
        ))
    } else if statements >= STATEMENTS_MAX {
        Some(format!(
            "the text has more than {STATEMENTS_MAX} statements, and no more are read"
        ))
    } else {
        None
    }
}

/// Why a statement is not even looked through.
pub(crate) fn too_long(piece: &Piece) -> Option<String> {
    let length = piece.text.len();
    (length > STATEMENT_MAX)
        .then(|| format!("the statement has {length} bytes, and at most {STATEMENT_MAX} are read"))
}

/// Why a statement is not read.
pub(crate) fn too_large(piece: &Piece) -> Option<String> {
    let size = piece.tokens + piece.queries * QUERY;
    (size > TOKENS_MAX).then(|| {
        let (tokens, queries) = (piece.tokens, piece.queries);
        format!(
            "the statement has {tokens} words and signs and {queries} queries, of which each counts for {QUERY} more, and \
             at most {TOKENS_MAX} are read"
        )
    })
}

/// Why no tree of PostgreSQL's own grammar is read of a statement.
pub(crate) fn too_large_for_a_tree(piece: &Piece) -> Option<String> {
    if piece.tokens > TREE_TOKENS_MAX {
        Some(format!(
            "the statement has {} words and signs, and what it locks is judged up to {TREE_TOKENS_MAX}",
            piece.tokens
        ))
    } else if piece.depth > TREE_DEPTH_MAX {
        Some("it is nested too deeply".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
#[path = "limits_tests.rs"]
mod tests;
