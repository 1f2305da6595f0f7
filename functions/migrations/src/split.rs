//! Cuts a text into its statements, so that each is read, judged and forgotten by itself.
//!
//! Where a statement ends is decided here, but never what it does: whoever reads a piece finds an open string or a
//! second statement there by himself.

mod body;
mod comments;
mod delimiter;
mod executed;
mod liquibase;
mod piece;
mod psql;
mod scan;
mod size;
mod values;
mod words;

pub(crate) use body::Body;
pub(crate) use comments::{behind, bodies, comments, continues_escapes, has_command, placeholder};
pub(crate) use delimiter::is_order;
pub(crate) use executed::{executed, is_executed_alike};
pub(crate) use liquibase::{has_orders, is_order as is_liquibase};
pub(crate) use piece::Piece;
pub(crate) use scan::BLANKS;
pub(crate) use values::without_rows;

use crate::dialect::Dialect;
use piece::lines;
use scan::{Part, next_part};
use size::Size;
use std::borrow::Cow;
use words::Words;

/// The statements of a text, and what follows the last one.
pub(crate) fn split(text: &str, dialect: Dialect) -> Pieces<'_> {
    Pieces {
        rest: text,
        line: 1,
        dialect,
        delimiter: ";",
        follows: false,
    }
}

pub(crate) struct Pieces<'a> {
    rest: &'a str,
    line: usize,
    dialect: Dialect,
    /// What ends a statement: only MySQL's client knows another one.
    delimiter: &'a str,
    /// Whether a statement has ended.
    follows: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if let Some((delimiter, length)) = self.order() {
                self.delimiter = delimiter;
                self.skip(length);
                continue;
            }
            let (piece, length) = self.cut();
            self.skip(length);
            self.follows = true;
            if !piece.text.trim().is_empty() {
                return Some(piece);
            }
        }
    }
}

impl<'a> Pieces<'a> {
    fn order(&self) -> Option<(&'a str, usize)> {
        let known = self.dialect == Dialect::Mysql;
        known.then(|| delimiter::order(self.rest)).flatten()
    }

    fn skip(&mut self, length: usize) {
        self.line += lines(self.rest.get(..length).unwrap_or(self.rest));
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    /// The next piece, and how many bytes of the rest it takes, what ends it included.
    fn cut(&self) -> (Piece<'a>, usize) {
        let (mut words, mut size) = (Words::new(self.dialect), Size::default());
        let (mut at, mut end, mut start) = (0, 0, None);
        let mut executed = false;
        while let Some((part, length)) = self.next_part(at, &mut executed) {
            let text = self.part(at, length, part);
            if part != Part::Blank || text.starts_with("/*!") || text.starts_with("/*M!") {
                start = start.or(Some(at));
            }
            if self.delimiter != ";" && self.after(at).starts_with(self.delimiter) {
                end = self.delimiter.len();
                break;
            }
            match part {
                Part::Word if size.tokens == 0 && at > 0 && delimiter::is_order(text) => break,
                Part::Word => words.add(text, size.depth),
                // A driver sends all up to another delimiter at once, and the server runs each.
                Part::Sign(';') if !words.is_inside(size.depth) => {
                    end = 1;
                    break;
                }
                Part::Sign('\\') if self.dialect == Dialect::Postgresql => {
                    at += psql::command(self.after(at));
                    break;
                }
                Part::Sign('-') if size.tokens == 0 && self.after(at).starts_with("--") => {
                    at += liquibase::line(self.after(at));
                    break;
                }
                Part::Blank => {}
                Part::Quoted => words.sign('"'),
                Part::Sign(sign) => words.sign(sign),
            }
            size.add(part, text);
            at += text.len();
        }
        (self.piece(at, start, &words, &size), at + end)
    }

    /// What stands in a `/*! ... */` is run, so its statements end as others do.
    fn next_part(&self, at: usize, executed: &mut bool) -> Option<(Part, usize)> {
        let rest = self.after(at);
        if self.dialect == Dialect::Mysql {
            let mark = executed::mark(rest, *executed);
            if let Some(length) = mark {
                *executed = !*executed;
                return Some((Part::Blank, length));
            }
        }
        next_part(rest, self.dialect)
    }

    fn piece(&self, length: usize, start: Option<usize>, words: &Words, size: &Size) -> Piece<'a> {
        Piece {
            text: self.rest.get(..length).unwrap_or(self.rest),
            line: self.line,
            start: start.unwrap_or(length),
            body: words.shape(),
            follows: self.follows,
            tokens: size.tokens,
            queries: size.queries,
            depth: size.deepest(),
        }
    }

    fn after(&self, at: usize) -> &'a str {
        self.rest.get(at..).unwrap_or_default()
    }

    /// The text of a part; that of a word ends with a delimiter, whose signs may belong to words elsewhere.
    fn part(&self, at: usize, length: usize, part: Part) -> &'a str {
        let text = self.rest.get(at..at + length).unwrap_or_default();
        let end = text.find(self.delimiter).filter(|_| part == Part::Word);
        text.get(..end.unwrap_or(length)).unwrap_or(text)
    }
}

/// A carriage return alone ends a line for PostgreSQL, which nobody else reads so: it becomes one that all know.
pub(crate) fn with_plain_lines(text: &str, dialect: Dialect) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if dialect != Dialect::Postgresql || !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

#[cfg(test)]
#[path = "split/tests.rs"]
mod tests;
