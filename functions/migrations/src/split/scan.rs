//! The smallest parts of a text: blanks and comments, what is quoted, words and signs.

use crate::dialect::Dialect::{self, Mysql, Postgresql, Sqlite};

/// Behind which of them `--` begins a comment for MySQL's server and for its client alike.
pub(crate) const BLANKS: [char; 6] = [' ', '\t', '\n', '\u{b}', '\u{c}', '\r'];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// White space or a comment.
    Blank,
    /// A string or a quoted name, whatever the quotes are.
    Quoted,
    /// A word or a number.
    Word,
    Sign(char),
}

/// The first part of a text and its length in bytes; none if there is no text. What never ends, ends with the text.
pub(super) fn next_part(text: &str, dialect: Dialect) -> Option<(Part, usize)> {
    let first = text.chars().next()?;
    if let Some(length) = comment(text, dialect) {
        return Some((Part::Blank, length));
    }
    if let Some(length) = quoted(text, first, dialect) {
        return Some((Part::Quoted, length));
    }
    Some(match first {
        _ if first.is_whitespace() => (Part::Blank, run(text, char::is_whitespace)),
        _ if is_word(first) => (Part::Word, run(text, is_word)),
        _ => (Part::Sign(first), first.len_utf8()),
    })
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$')
}

fn run(text: &str, belongs: fn(char) -> bool) -> usize {
    text.find(|letter| !belongs(letter)).unwrap_or(text.len())
}

fn comment(text: &str, dialect: Dialect) -> Option<usize> {
    let to_end_of_line = || text.find('\n').unwrap_or(text.len());
    match dialect {
        _ if text.starts_with("/*") => Some(block(text, dialect == Postgresql)),
        Mysql if text.starts_with('#') => Some(to_end_of_line()),
        // MySQL takes `1--1` for a sum.
        Mysql => {
            let after = text.strip_prefix("--")?;
            (after.is_empty() || after.starts_with(BLANKS)).then(to_end_of_line)
        }
        Postgresql | Sqlite => text.starts_with("--").then(to_end_of_line),
    }
}

/// The length of a comment in `/* */`, which PostgreSQL nests: there `/*/` opens another one.
fn block(text: &str, nests: bool) -> usize {
    let (mut at, mut depth) = (2, 1);
    while let Some(pair) = text.as_bytes().get(at..at + 2) {
        match pair {
            b"*/" => depth -= 1,
            b"/*" if nests => depth += 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn quoted(text: &str, first: char, dialect: Dialect) -> Option<usize> {
    match (first, dialect) {
        ('\'', Mysql) | ('"', Mysql) => Some(until(text, 1, first, true)),
        ('\'' | '"', _) | ('`', Mysql | Sqlite) => Some(until(text, 1, first, false)),
        ('[', Sqlite) => Some(text.find(']').map_or(text.len(), |end| end + 1)),
        ('E' | 'e', Postgresql) if text[1..].starts_with('\'') => Some(until(text, 2, '\'', true)),
        ('$', Postgresql) => dollar(text),
        _ => None,
    }
}

/// The length of what ends with a quote that is not doubled.
fn until(text: &str, start: usize, quote: char, has_escapes: bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        let doubled = bytes
            .get(at + 1)
            .is_some_and(|next| char::from(*next) == quote);
        match char::from(*byte) {
            '\\' if has_escapes => at += 2,
            found if found == quote && doubled => at += 2,
            found if found == quote => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of `$tag$ ... $tag$`.
fn dollar(text: &str) -> Option<usize> {
    let after = text.strip_prefix('$')?;
    let name = after.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'))?;
    let is_tag =
        after[name..].starts_with('$') && !after.starts_with(|it: char| it.is_ascii_digit());
    let tag = text.get(..name + 2).filter(|_| is_tag)?;
    let body = text.get(tag.len()..)?;
    let end = body.find(tag);
    Some(end.map_or(text.len(), |end| end + 2 * tag.len()))
}
