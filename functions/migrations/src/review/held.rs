//! What was found in a statement, until it is known what else its comments may let pass.

use crate::dialect::Dialect;
use crate::ignore::Ignores;
use crate::problem::{Place, Problem};
use crate::report::Report;
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

    pub(super) fn report(self, report: &mut Report) {
        self.ignores.report(self.found, &self.place, report);
    }
}
