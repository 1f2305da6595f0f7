//! The words of a statement, compared without regard to case.

use sqlparser::ast::{Ident, ObjectName};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span, Token};

/// What SQLite does with a row that collides, as its tables say it.
const CONFLICTS: [&str; 5] = ["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"];

/// The tokens of a statement, or a part of them.
#[derive(Clone, Copy)]
pub(super) struct Words<'a>(pub(super) &'a [&'a Token]);

impl<'a> Words<'a> {
    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    /// Whether the token at a place is this word, not in quotes, or this sign.
    pub(super) fn is(self, place: usize, word: &str) -> bool {
        self.0.get(place).is_some_and(|token| is(token, word))
    }

    pub(super) fn start(self, words: &[&str]) -> bool {
        let mut words = words.iter().enumerate();
        words.all(|(place, word)| self.is(place, word))
    }

    pub(super) fn from(self, place: usize) -> Words<'a> {
        Words(self.0.get(place..).unwrap_or_default())
    }

    pub(super) fn until(self, place: usize) -> Words<'a> {
        Words(self.0.get(..place).unwrap_or_default())
    }

    /// Where these words stand outside of all parentheses.
    pub(super) fn find(self, words: &[&str]) -> Option<usize> {
        self.outside().find(|place| self.from(*place).start(words))
    }

    /// The parts between the commas outside of all parentheses.
    pub(super) fn split(self) -> Vec<Words<'a>> {
        let mut parts = Vec::new();
        let mut start = 0;
        for place in self.outside().filter(|place| self.is(*place, ",")) {
            parts.push(Words(self.0.get(start..place).unwrap_or_default()));
            start = place + 1;
        }
        parts.push(self.from(start));
        parts
    }

    /// The places outside of all parentheses, these excluded.
    fn outside(self) -> impl Iterator<Item = usize> {
        let mut depth = 0_usize;
        let outside = move |place: &usize| {
            let before = depth;
            depth += usize::from(self.is(*place, "("));
            depth = depth.saturating_sub(usize::from(self.is(*place, ")")));
            before == 0 && depth == 0
        };
        (0..self.len()).filter(outside)
    }

    /// Whether all that follows is one pair of parentheses, or nothing.
    pub(super) fn ends_with_parentheses(self, place: usize) -> bool {
        let rest = self.from(place);
        rest.len() == 0 || (rest.is(0, "(") && rest.outside().next().is_none())
    }

    /// A name of one part or two.
    pub(super) fn name(self, place: usize) -> Option<ObjectName> {
        let first = self.ident(place)?;
        if !self.is(place + 1, ".") {
            return Some(ObjectName::from(vec![first]));
        }
        Some(ObjectName::from(vec![first, self.ident(place + 2)?]))
    }

    /// How many tokens a name has.
    pub(super) fn name_len(self, place: usize) -> usize {
        if self.is(place + 1, ".") { 3 } else { 1 }
    }

    pub(super) fn ident(self, place: usize) -> Option<Ident> {
        let Token::Word(word) = self.0.get(place)? else {
            return None;
        };
        Some(Ident {
            value: word.value.clone(),
            quote_style: word.quote_style,
            span: Span::empty(),
        })
    }

    /// Without SQLite's `ON CONFLICT IGNORE`, which a `CREATE TABLE` may say after each constraint.
    pub(super) fn without_conflict_clauses(self) -> impl Iterator<Item = &'a Token> {
        let table = self.is(0, "CREATE") && (self.is(1, "TABLE") || self.is(2, "TABLE"));
        let begins = move |place: usize| {
            let rest = self.from(place);
            let known = CONFLICTS.iter().any(|word| rest.is(2, word));
            table && rest.start(&["ON", "CONFLICT"]) && known
        };
        let within = move |place: usize| (place.saturating_sub(2)..=place).any(begins);
        let kept = (0..self.len()).filter(move |place| !within(*place));
        kept.filter_map(move |place| self.0.get(place).copied())
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other token is a sign"
)]
fn is(token: &Token, word: &str) -> bool {
    match token {
        Token::Word(found) => found.quote_style.is_none() && found.value.eq_ignore_ascii_case(word),
        Token::SingleQuotedString(_) | Token::DoubleQuotedString(_) => false,
        other => other.to_string() == word,
    }
}

/// Whether a type of characters without a length stands there.
pub(super) fn is_char_type(words: Words, place: usize) -> bool {
    let types = ["CHAR", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT"];
    types.iter().any(|word| words.is(place, word))
}

/// In SQLite `interval` is a name like any other.
pub(super) fn quote_interval(token: &Token) -> Token {
    let mut token = token.clone();
    if let Token::Word(word) = &mut token
        && word.keyword == Keyword::INTERVAL
    {
        word.quote_style = Some('"');
        word.keyword = Keyword::NoKeyword;
    }
    token
}
