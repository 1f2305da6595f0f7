//! What was expected, and what was found.

use shared::one_line;

/// A text is quoted up to this many characters.
const QUOTED: usize = 200;

/// Both in texts that are short enough for an answer and for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub expected: String,
    pub found: String,
}

impl Comparison {
    /// Cuts texts that are too long, and puts them on one line.
    pub(crate) fn new(expected: &str, found: &str) -> Comparison {
        let [expected, found] = [expected, found].map(shorten);
        Comparison { expected, found }
    }
}

fn shorten(text: &str) -> String {
    let text = one_line(text);
    let mut short: String = text.chars().take(QUOTED).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    short
}
