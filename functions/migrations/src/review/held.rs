//! What was found in a statement, until it is known what else its comments may let pass.

use crate::dialect::Dialect;
use crate::ignore::Ignores;
use crate::problem::{Place, Problem};
use crate::report::Report;
use crate::rule::Rule;
use crate::split::Piece;

pub(super) struct Held {
    ignores: Ignores,
    found: Vec<Problem>,
    place: Place,
}

impl Held {
    pub(super) fn of(piece: &Piece, dialect: Dialect, found: Vec<Problem>) -> Held {
        Held {
            ignores: Ignores::of(piece, dialect),
            found,
            place: piece.place(),
        }
    }

    pub(super) fn and(mut self, found: Option<Problem>) -> Held {
        self.found.extend(found);
        self
    }

    /// Whether a finding of a rule is there that no comment lets pass.
    pub(super) fn tells(&self, rule: Rule) -> bool {
        self.found.iter().any(|it| it.rule == rule) && !self.ignores.lets_pass(rule)
    }

    pub(super) fn report(self, report: &mut Report) {
        self.ignores.report(self.found, &self.place, report);
    }
}
