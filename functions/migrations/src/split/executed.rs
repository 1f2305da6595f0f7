//! What MySQL runs of a text, that of its comments `/*! ... */` included.

use super::scan::{Part, next_part};
use crate::dialect::Dialect::Mysql;
use std::iter;

/// The parts of a text without blanks and comments, each with what follows it.
pub(crate) fn executed(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let (mut rest, mut is_inside) = (text, false);
    iter::from_fn(move || {
        loop {
            if let Some(length) = mark(rest, is_inside) {
                (rest, is_inside) = (rest.get(length..)?, !is_inside);
                continue;
            }
            let (part, length) = next_part(rest, Mysql)?;
            let (text, after) = rest.split_at_checked(length)?;
            rest = after;
            if part != Part::Blank {
                return Some((text, after));
            }
        }
    })
}

/// The length of what begins a comment that is run, its version included, or ends one, where a text begins so.
pub(super) fn mark(text: &str, is_inside: bool) -> Option<usize> {
    if is_inside {
        return text.starts_with("*/").then_some(2);
    }
    let inside = text.strip_prefix("/*!")?;
    Some(text.len() - without_version(inside).len())
}

/// Whether every server reads alike what stands in a comment `/*! ... */`: there a comment or a string may end behind
/// `*/`, and a version of other than five digits begins what is run.
pub(crate) fn is_executed_alike(comment: &str) -> bool {
    let Some(inside) = comment.strip_prefix("/*!") else {
        return true;
    };
    let mut rest = without_version(inside);
    let has_version = matches!(inside.len() - rest.len(), 0 | 5);
    while has_version && rest != "*/" {
        let length = match next_part(rest, Mysql) {
            None => return false,
            Some((Part::Blank, _)) if !rest.starts_with(char::is_whitespace) => return false,
            Some((_, length)) => length,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    has_version
}

fn without_version(inside: &str) -> &str {
    inside.trim_start_matches(|letter: char| letter.is_ascii_digit())
}
