//! What was expected, and what was found.

use crate::mask::Mask;

/// A text is quoted up to this many characters.
const QUOTED: usize = 200;

/// Both as they are: [`Comparison::shown`] makes texts for an answer of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub expected: String,
    pub found: String,
}

impl Comparison {
    pub(crate) fn new(expected: &str, found: &str) -> Comparison {
        let [expected, found] = [expected, found].map(str::to_owned);
        Comparison { expected, found }
    }

    /// Hides the values of the secret, puts each text on one line, and cuts what is too long for an answer and a reader.
    pub fn shown(&self, mask: &Mask) -> Comparison {
        let [expected, found] = [&self.expected, &self.found].map(|it| mask.shown(it, QUOTED));
        Comparison { expected, found }
    }
}
