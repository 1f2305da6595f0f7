//! What is too large to be judged: a migration that somebody wrote stays far below.

use crate::split::Piece;

/// Bytes of a text.
pub const TEXT_MAX: usize = 16 << 20;

/// Bytes of a statement.
pub(crate) const STATEMENT_MAX: usize = 1 << 20;

/// Words, strings and signs of a statement: some 70 MB while it is read.
const TOKENS_MAX: usize = 250_000;

/// Words, strings and signs of a statement of which PostgreSQL's own grammar is read too.
const TREE_TOKENS_MAX: usize = 20_000;

/// How deep parentheses may be nested for that.
const TREE_DEPTH_MAX: usize = 200;

/// Why a statement is not read.
pub(crate) fn too_large(piece: &Piece) -> Option<String> {
    if piece.text.len() > STATEMENT_MAX {
        Some(format!(
            "the statement has {} bytes, and at most {STATEMENT_MAX} are read",
            piece.text.len()
        ))
    } else if piece.tokens > TOKENS_MAX {
        Some(format!(
            "the statement has {} words and signs, and at most {TOKENS_MAX} are read",
            piece.tokens
        ))
    } else {
        None
    }
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
