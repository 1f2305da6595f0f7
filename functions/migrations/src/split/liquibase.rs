//! The orders of Liquibase's formatted SQL, such as `--changeset ann:1`. MySQL knows no comment without a space behind
//! `--`, but Liquibase takes these lines out before MySQL reads the text.

use super::piece::Piece;

const FIRST: &str = "--liquibase formatted sql";

const ORDERS: [&str; 6] = [
    "--liquibase",
    "--changeset",
    "--rollback",
    "--comment",
    "--preconditions",
    "--precondition-sql-check",
];

/// Whether a text has them. MySQL alone stops at its first line, so nothing of it runs without Liquibase.
pub(crate) fn has_orders(text: &str) -> bool {
    text.starts_with(FIRST)
}

/// Whether a statement is such a line; one that names another delimiter is none.
pub(crate) fn is_order(piece: &Piece) -> bool {
    let statement = piece.text.get(piece.start..).unwrap_or_default();
    let word = statement.split([' ', '\t', ':']).next().unwrap_or_default();
    ORDERS.contains(&word) && !statement.contains("endDelimiter")
}

/// The length of the line with which a text begins.
pub(super) fn line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}
