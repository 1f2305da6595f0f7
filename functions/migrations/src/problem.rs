//! Why a statement must not run, and where in a text it stands.

use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::fmt;

/// Characters of a statement that are shown.
const SHOWN: usize = 200;

/// What was found, why it matters to the version that still runs, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(crate) String);

impl From<&str> for Refusal {
    fn from(text: &str) -> Refusal {
        Refusal(text.to_owned())
    }
}

/// Something that must be changed before a text may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the statement begins, counted from 1.
    pub line: usize,
    /// The statement on one line, without its comments, at most 200 characters.
    pub statement: String,
    /// What was found, why it matters, and what to do instead.
    pub reason: String,
}

impl Problem {
    /// A problem of the whole text.
    pub(crate) fn of_text(refusal: &Refusal) -> Problem {
        Problem::of_line(1, "", refusal)
    }

    /// A problem of one line, which has no statement that could be read.
    pub(crate) fn of_line(line: usize, text: &str, refusal: &Refusal) -> Problem {
        Problem {
            line,
            statement: plain(text).chars().take(SHOWN).collect(),
            reason: plain(&refusal.0),
        }
    }

    /// A problem of the statement that `tokens` spell.
    pub(crate) fn of_statement(tokens: &[TokenWithSpan], refusal: &Refusal) -> Problem {
        let first = tokens.iter().find(|token| !is_blank(token));
        let line = first.map_or(1, |token| token.span.start.line);
        Problem {
            line: usize::try_from(line).unwrap_or(usize::MAX),
            statement: on_one_line(tokens),
            reason: plain(&refusal.0),
        }
    }
}

/// The tokenizer counts comments as white space.
fn is_blank(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}

/// A text that a terminal shows as it is: it comes from a file that somebody else wrote.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn on_one_line(tokens: &[TokenWithSpan]) -> String {
    let mut text = String::new();
    let mut kept = 0;
    for token in tokens {
        if is_blank(token) && (text.is_empty() || text.ends_with(' ')) {
            continue;
        }
        let piece = if is_blank(token) {
            " ".to_owned()
        } else {
            plain(&token.token.to_string())
        };
        kept += piece.chars().count();
        text.push_str(&piece);
        if kept > SHOWN {
            let head: String = text.chars().take(SHOWN).collect();
            return format!("{head} [...]");
        }
    }
    text.trim_end().to_owned()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.statement, self.reason)
    }
}
