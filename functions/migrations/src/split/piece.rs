//! A statement of a text, and where it stands.

use crate::problem::Place;

/// A statement without the semicolon behind it, with the comments in front of it and inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// The line of the text in which it begins, counted from 1.
    pub(crate) line: usize,
    /// Words, numbers, strings and signs; none where there are only comments.
    pub(crate) tokens: usize,
    /// SELECT, VALUES and TABLE among them: each takes as much memory as many words.
    pub(crate) queries: usize,
    /// How deep its parentheses and brackets are nested, or how long its runs are.
    pub(crate) depth: usize,
}

impl Piece<'_> {
    /// The line in which it has anything but blanks.
    pub(crate) fn first_line(&self) -> usize {
        let blank = self.text.len() - self.text.trim_start().len();
        self.line + lines(self.text.get(..blank).unwrap_or_default())
    }

    /// Where it stands, whether or not it can be read.
    pub(crate) fn place(&self) -> Place {
        Place::of_line(self.first_line(), self.text)
    }
}

/// The line breaks of a text.
pub(super) fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
