//! `DELIMITER $$`: an order to MySQL's client, which dumps have around triggers and routines.

const ORDER: &str = "DELIMITER";

/// Signs that may end a statement: none of them begins a string, a name or a comment.
const SIGNS: &str = "$/;|@&!%^~";

/// Bytes of a delimiter.
const LONGEST: usize = 8;

/// Where a text begins with such an order: what ends statements from there on, and how long the order is. One that names
/// words or quotes is none, so it is refused as a statement that nobody can read.
pub(super) fn order(text: &str) -> Option<(&str, usize)> {
    let start = text.len() - text.trim_start().len();
    let after = start + ORDER.len();
    // The line is as long as the text where all stands on one.
    if !is_order(text.get(start..after)?) {
        return None;
    }
    let line = text.get(after..)?.lines().next()?;
    let delimiter = line.split_whitespace().next()?;
    let known = delimiter.len() <= LONGEST && delimiter.chars().all(|sign| SIGNS.contains(sign));
    (line.starts_with([' ', '\t']) && known).then_some((delimiter, after + line.len()))
}

/// Whether a word begins such an order.
pub(crate) fn is_order(word: &str) -> bool {
    word.eq_ignore_ascii_case(ORDER)
}
