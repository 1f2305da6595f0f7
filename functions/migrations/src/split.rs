//! Cuts a text into its statements, so that each is read, judged and forgotten by itself.
//!
//! Where a statement ends is decided here, but never what it does: whoever reads a piece finds an open string or a
//! second statement there by himself.

mod scan;
mod words;

use crate::dialect::Dialect;
use scan::{Part, next_part};
use std::borrow::Cow;
use words::Words;

/// A statement without the semicolon behind it, with the comments in front of it and inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// The line of the text in which it begins, counted from 1.
    pub(crate) line: usize,
    /// Words, numbers, strings and signs; none where there are only comments.
    pub(crate) tokens: usize,
    /// How deep its parentheses and brackets are nested.
    pub(crate) depth: usize,
}

impl Piece<'_> {
    /// The line in which it has anything but blanks.
    pub(crate) fn first_line(&self) -> usize {
        let blank = self.text.len() - self.text.trim_start().len();
        self.line + lines(self.text.get(..blank).unwrap_or_default())
    }
}

/// The statements of a text, and what follows the last one.
pub(crate) fn split(text: &str, dialect: Dialect) -> Pieces<'_> {
    Pieces {
        rest: text,
        line: 1,
        dialect,
    }
}

pub(crate) struct Pieces<'a> {
    rest: &'a str,
    line: usize,
    dialect: Dialect,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let (piece, length) = self.cut();
            let taken = self.rest.get(..length).unwrap_or(self.rest);
            self.line += lines(taken);
            self.rest = self.rest.get(length..).unwrap_or_default();
            if !piece.text.trim().is_empty() {
                return Some(piece);
            }
        }
    }
}

impl<'a> Pieces<'a> {
    /// The next piece, and how many bytes of the rest it takes, its semicolon included.
    fn cut(&self) -> (Piece<'a>, usize) {
        let mut words = Words::new(self.dialect);
        let (mut at, mut tokens, mut depth, mut deepest) = (0, 0, 0_usize, 0);
        while let Some((part, length)) =
            next_part(self.rest.get(at..).unwrap_or_default(), self.dialect)
        {
            match part {
                Part::Blank | Part::Quoted => {}
                Part::Word => words.add(self.rest.get(at..at + length).unwrap_or_default()),
                Part::Sign('(' | '[' | '{') => depth += 1,
                Part::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
                Part::Sign(';') if !words.is_inside(depth) => break,
                Part::Sign(_) => words.sign(),
            }
            tokens += usize::from(part != Part::Blank);
            deepest = deepest.max(depth);
            at += length;
        }
        let piece = Piece {
            text: self.rest.get(..at).unwrap_or(self.rest),
            line: self.line,
            tokens,
            depth: deepest,
        };
        (piece, (at + 1).min(self.rest.len()))
    }
}

/// The comments of a piece, with what begins and ends them.
pub(crate) fn comments(text: &str, dialect: Dialect) -> Vec<&str> {
    let (mut at, mut found) = (0, Vec::new());
    while let Some((part, length)) = next_part(text.get(at..).unwrap_or_default(), dialect) {
        let piece = text.get(at..at + length).unwrap_or_default();
        if part == Part::Blank && !piece.starts_with(char::is_whitespace) {
            found.push(piece);
        }
        at += length;
    }
    found
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
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
