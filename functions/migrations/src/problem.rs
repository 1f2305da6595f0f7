//! Why a statement must not run, and where in a text it stands.

use crate::rule::{Rule, Severity};
use sqlparser::tokenizer::{Token, TokenWithSpan};
use std::fmt;

/// Characters of a statement that are shown, without the mark that it goes on.
const SHOWN: usize = 194;

/// What a rule found in a statement, why it matters, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    pub(crate) reason: String,
}

impl Finding {
    pub(crate) fn new(rule: Rule, reason: impl Into<String>) -> Finding {
        Finding {
            rule,
            reason: reason.into(),
        }
    }

    /// Whether it says no more than that the statement is not known.
    pub(crate) fn is_unknown(&self) -> bool {
        matches!(self.rule, Rule::Unknown | Rule::Unreadable)
    }
}

/// Something that must be changed before a text may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the statement begins, counted from 1.
    pub line: usize,
    /// The statement on one line, without its comments, at most 200 characters.
    pub statement: String,
    /// The rule that found it.
    pub rule: Rule,
    /// What was found, why it matters, and what to do instead.
    pub reason: String,
}

impl Problem {
    /// What it means for a release.
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

/// Where a statement stands, and how it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    line: usize,
    statement: String,
}

impl Place {
    /// A line of the text, which has no statement that could be read.
    pub(crate) fn of_line(line: usize, text: &str) -> Place {
        let shown: String = text.trim().chars().take(SHOWN).collect();
        Place {
            line,
            statement: plain(&shown),
        }
    }

    /// The statement that `tokens` spell, in a piece that begins in a line of the text.
    pub(crate) fn of_statement(tokens: &[TokenWithSpan], line: usize) -> Place {
        let first = tokens.iter().find(|token| !is_blank(token));
        let own = first.map_or(1, |token| token.span.start.line.max(1));
        Place {
            line: line - 1 + usize::try_from(own).unwrap_or(1),
            statement: on_one_line(tokens),
        }
    }

    pub(crate) fn problem(&self, finding: &Finding) -> Problem {
        Problem {
            line: self.line,
            statement: self.statement.clone(),
            rule: finding.rule,
            reason: plain(&finding.reason),
        }
    }
}

/// The tokenizer counts comments as white space.
fn is_blank(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Whitespace(_))
}

/// A text that a terminal shows as it is: it comes from a file that somebody else wrote.
pub(crate) fn plain(text: &str) -> String {
    text.replace(is_unplain, " ")
}

/// Controls, and marks that let a text be shown in another order than it has.
fn is_unplain(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter.is_control() || turns
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
        write!(
            f,
            "line {}: {}[{}]: ",
            self.line,
            self.severity(),
            self.rule
        )?;
        if !self.statement.is_empty() {
            write!(f, "{}: ", self.statement)?;
        }
        f.write_str(&self.reason)
    }
}
