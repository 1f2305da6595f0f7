//! What of a piece is no word of its statement.

use super::scan::{Part, next_part};
use crate::dialect::Dialect::{self, Postgresql};

/// Characters of a placeholder that are shown.
const PLACEHOLDER: usize = 60;

/// The comments of a piece, with what begins and ends them.
pub(crate) fn comments(text: &str, dialect: Dialect) -> Vec<&str> {
    let is_comment =
        |part, text: &str| part == Part::Blank && !text.starts_with(char::is_whitespace);
    let parts = parts(text, dialect);
    parts
        .filter(|(part, _, text)| is_comment(*part, text))
        .map(|(.., text)| text)
        .collect()
}

/// What stands between dollars: the bodies of PostgreSQL's routines and of its `DO`.
pub(crate) fn bodies(text: &str, dialect: Dialect) -> Vec<&str> {
    let quoted = parts(text, dialect).filter(|(part, ..)| *part == Part::Quoted);
    quoted
        .filter_map(|(.., text)| {
            let tag = text.strip_prefix('$')?.find('$')? + 2;
            text.get(tag..text.len().checked_sub(tag)?)
        })
        .collect()
}

/// How many comments stand in the line in which a piece begins, in front of its first word.
pub(crate) fn behind(text: &str, dialect: Dialect) -> usize {
    let mut count = 0;
    for (part, _, text) in parts(text, dialect) {
        if part != Part::Blank {
            break;
        }
        count += usize::from(!text.starts_with(char::is_whitespace));
        if text.contains('\n') {
            break;
        }
    }
    count
}

/// Whether a piece of PostgreSQL's has a command of its client: nothing else has a backslash outside of quotes.
pub(crate) fn has_command(text: &str) -> bool {
    let mut parts = parts(text, Dialect::Postgresql);
    text.contains('\\') && parts.any(|(part, ..)| part == Part::Sign('\\'))
}

/// What a tool replaces before the text runs, such as `${schema}` or `{{ schema }}`: no SQL has it outside of quotes.
pub(crate) fn placeholder(text: &str, dialect: Dialect) -> Option<String> {
    if !text.contains('{') {
        return None;
    }
    let mut before = "";
    for (part, at, word) in parts(text, dialect) {
        let dollar = before.ends_with('$');
        if part == Part::Sign('{') && (dollar || before == "{") {
            let start = at - 1;
            let rest = text.get(start..)?;
            let end = rest.find('}')?;
            let end = end + if dollar { 1 } else { 2 };
            return Some(rest.chars().take(end.min(PLACEHOLDER)).collect());
        }
        before = word;
    }
    None
}

/// The parts of a text, and where each begins.
fn parts(text: &str, dialect: Dialect) -> impl Iterator<Item = (Part, usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let (part, length) = next_part(rest, dialect)?;
        at += length;
        Some((part, at - length, rest.get(..length)?))
    })
}

/// Whether a string with escapes goes on behind blanks: there a backslash escapes too, which no parser here knows.
pub(crate) fn continues_escapes(text: &str) -> bool {
    // Most texts have no such string.
    if !text.contains("E'") && !text.contains("e'") {
        return false;
    }
    let mut has_escapes = false;
    for (part, _, text) in parts(text, Postgresql) {
        match part {
            Part::Blank => {}
            Part::Quoted if has_escapes && text.starts_with('\'') => return true,
            Part::Quoted => has_escapes = text.starts_with(['E', 'e']),
            Part::Word | Part::Sign(_) => has_escapes = false,
        }
    }
    false
}
