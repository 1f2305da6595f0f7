//! A statement of a text, and where it stands.

use super::body::Body;
use crate::problem::Place;

/// A statement without the semicolon behind it, with the comments in front of it and inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) text: &'a str,
    /// The line of the text in which it begins, counted from 1.
    pub(crate) line: usize,
    /// Where its first word or sign stands, or a comment that runs.
    pub(crate) start: usize,
    pub(crate) body: Body,
    /// Whether another statement, or what ends it, stands in front of it.
    pub(crate) follows: bool,
    /// Words, numbers, strings and signs; none where there are only comments.
    pub(crate) tokens: usize,
    /// SELECT, VALUES and TABLE among them: each takes as much memory as many words.
    pub(crate) queries: usize,
    /// How deep its parentheses and brackets are nested, or how long its runs are.
    pub(crate) depth: usize,
}

impl Piece<'_> {
    /// Where it stands, whether or not it can be read.
    pub(crate) fn place(&self) -> Place {
        let blank = self.text.len() - self.text.trim_start().len();
        let start = if self.start < self.text.len() {
            self.start
        } else {
            blank
        };
        let (before, text) = self.text.split_at_checked(start).unwrap_or_default();
        Place::of_line(self.line + lines(before), text)
    }
}

/// The line breaks of a text.
pub(super) fn lines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}
