//! An `INSERT` of many rows without most of them: what is judged of it does not depend on a value that stands there.

use super::piece::{Piece, lines};
use super::scan::{Part, next_part};
use crate::dialect::Dialect;

/// Words and signs from which on rows are left out.
const MANY: usize = 1_000;

/// A statement with its first row alone and its lines, if those behind it are nothing but values; and how many words and
/// signs that leaves.
pub(crate) fn without_rows(piece: &Piece, dialect: Dialect) -> Option<(String, usize)> {
    if piece.tokens < MANY {
        return None;
    }
    let mut parts = Parts {
        text: piece.text,
        at: 0,
        count: 0,
        dialect,
    };
    parts.first_row()?;
    let (start, count) = (parts.at, parts.count);
    let mut end = parts;
    while let Some(next) = end.comma_and_row() {
        end = next;
    }
    let rows = piece.text.get(start..end.at)?;
    let lines = "\n".repeat(lines(rows));
    let (head, tail) = (piece.text.get(..start)?, piece.text.get(end.at..)?);
    let left_out = end.count - count;
    (left_out > 0).then(|| (format!("{head}{lines}{tail}"), piece.tokens - left_out))
}

/// The parts of a text from a place on.
#[derive(Clone, Copy)]
struct Parts<'a> {
    text: &'a str,
    at: usize,
    /// How many are no blanks.
    count: usize,
    dialect: Dialect,
}

impl<'a> Parts<'a> {
    /// The next part; a comment is none, since the linter may be meant by it.
    fn next(&mut self) -> Option<(Part, &'a str)> {
        loop {
            let rest = self.text.get(self.at..)?;
            let (part, length) = next_part(rest, self.dialect)?;
            let text = rest.get(..length)?;
            self.at += length;
            if part != Part::Blank {
                self.count += 1;
                return Some((part, text));
            }
            if !text.starts_with(char::is_whitespace) {
                return None;
            }
        }
    }

    /// Goes on behind the row that follows the first VALUES.
    fn first_row(&mut self) -> Option<()> {
        let is = |text: &str, name: &str| text.eq_ignore_ascii_case(name);
        let (_, verb) = self.next_of_head()?;
        if !is(verb, "INSERT") && !is(verb, "REPLACE") {
            return None;
        }
        loop {
            let (part, text) = self.next_of_head()?;
            if part == Part::Word && is(text, "VALUES") {
                return self.row();
            }
        }
    }

    /// The next part, whatever comments stand in front of it.
    fn next_of_head(&mut self) -> Option<(Part, &'a str)> {
        loop {
            let before = self.at;
            let found = self.next();
            if found.is_some() || self.at == before {
                return found;
            }
        }
    }

    fn comma_and_row(self) -> Option<Self> {
        let mut after = self;
        (after.next()?.0 == Part::Sign(',')).then_some(())?;
        after.row()?;
        Some(after)
    }

    /// `(1, 'two', NULL)`
    fn row(&mut self) -> Option<()> {
        (self.next()?.0 == Part::Sign('(')).then_some(())?;
        loop {
            match self.value()? {
                Part::Sign(',') => {}
                Part::Sign(')') => return Some(()),
                Part::Blank | Part::Quoted | Part::Word | Part::Sign(_) => return None,
            }
        }
    }

    /// A value, and what follows it.
    fn value(&mut self) -> Option<Part> {
        let (mut part, mut text) = self.next()?;
        if matches!(part, Part::Sign('-' | '+')) {
            (part, text) = self.next()?;
        }
        let is_plain = match part {
            Part::Quoted => text.starts_with('\''),
            Part::Word => is_number(text) || is_constant(text),
            Part::Blank | Part::Sign(_) => false,
        };
        let (mut after, _) = self.next().filter(|_| is_plain)?;
        if after == Part::Sign('.') && is_number(text) {
            is_number(self.next()?.1).then_some(())?;
            after = self.next()?.0;
        }
        Some(after)
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit()) && word.is_ascii()
}

fn is_constant(word: &str) -> bool {
    let constants = ["NULL", "TRUE", "FALSE", "DEFAULT"];
    constants.iter().any(|name| word.eq_ignore_ascii_case(name))
}
