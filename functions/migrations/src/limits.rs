//! What is too large to be judged: a migration that somebody wrote stays far below.

use crate::problem::Finding;
use crate::reason;
use crate::rule::Rule;
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

/// Whether neither a statement nor what follows it is read, behind so many dangers and statements.
pub(crate) fn is_enough(dangers: usize, statements: usize) -> bool {
    dangers >= DANGERS_MAX || statements >= STATEMENTS_MAX
}

/// How many statements are not read for that, with the one in front of which the reading ends.
pub(crate) fn not_read(statements: usize) -> Finding {
    let reason = format!(
        "from here on nothing is judged, {statements} statements in all: a text is read up to {DANGERS_MAX} dangers or \
         {STATEMENTS_MAX} statements. Mend what stands in front of it, or split the text."
    );
    Finding::new(Rule::Unreadable, reason)
}

/// Why a statement is not even looked through.
pub(crate) fn too_long(piece: &Piece) -> Option<Finding> {
    let length = piece.text.len();
    (length > STATEMENT_MAX).then(|| {
        let found = format!("its {length} bytes are more than the {STATEMENT_MAX} that are read");
        reason::too_large(&found)
    })
}

/// Why a statement is not read.
pub(crate) fn too_large(piece: &Piece) -> Option<Finding> {
    let size = piece.tokens + piece.queries * QUERY;
    (size > TOKENS_MAX).then(|| {
        let (tokens, queries) = (piece.tokens, piece.queries);
        reason::too_large(&format!(
            "its {tokens} words and signs and {queries} queries, of which each counts for {QUERY} more, are more than \
             the {TOKENS_MAX} that are read"
        ))
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
