//! What reading a statement would cost.

use super::scan::Part;

#[derive(Default)]
pub(super) struct Size {
    pub(super) tokens: usize,
    pub(super) queries: usize,
    /// How deep the last part stands in parentheses.
    pub(super) depth: usize,
    deepest: usize,
    run: Run,
}

/// What a parser reads by going deeper: `NOT NOT NOT`, `a.b.c` and `?, ?, ?`. PostgreSQL's takes the square of the length
/// for them.
#[derive(Default)]
struct Run {
    last: usize,
    length: usize,
    longest: usize,
}

impl Size {
    pub(super) fn add(&mut self, part: Part, text: &str) {
        let is = |name: &str| text.eq_ignore_ascii_case(name);
        match part {
            Part::Blank => return,
            Part::Sign('(' | '[' | '{') => self.depth += 1,
            Part::Sign(')' | ']' | '}') => self.depth = self.depth.saturating_sub(1),
            Part::Sign('.' | '?') => self.run.add(self.tokens),
            Part::Word if is("NOT") => self.run.add(self.tokens),
            Part::Word if is("SELECT") || is("VALUES") || is("TABLE") => self.queries += 1,
            Part::Quoted | Part::Word | Part::Sign(_) => {}
        }
        self.tokens += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    pub(super) fn deepest(&self) -> usize {
        self.deepest.max(self.run.longest)
    }
}

impl Run {
    fn add(&mut self, place: usize) {
        let goes_on = place - self.last <= 2;
        self.length = if goes_on { self.length + 1 } else { 1 };
        self.longest = self.longest.max(self.length);
        self.last = place;
    }
}
