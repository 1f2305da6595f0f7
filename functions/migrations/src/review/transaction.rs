//! Texts that undo themselves: a BEGIN that nothing commits, and a ROLLBACK.

use crate::problem::{Finding, Place, Problem};
use crate::rule::Rule;
use crate::state::Boundary;

#[derive(Default)]
pub(super) struct Transaction {
    /// Where the open one begins.
    begin: Option<Place>,
    /// How many have begun.
    pub(super) begun: usize,
    /// Whether there is anything that a ROLLBACK would undo.
    has_work: bool,
}

impl Transaction {
    /// Follows a statement; says what it undoes.
    pub(super) fn boundary(
        &mut self,
        boundary: Option<Boundary>,
        place: impl Fn() -> Place,
    ) -> Option<Finding> {
        let had_work = self.has_work;
        match boundary {
            None => self.has_work = true,
            Some(Boundary::Begin) => self.begin(place()),
            Some(Boundary::Commit { chain } | Boundary::Rollback { chain }) => {
                self.begin = None;
                self.has_work = false;
                if chain {
                    self.begin(place());
                }
            }
            Some(Boundary::RollbackTo) => {}
        }
        let undoes = matches!(
            boundary,
            Some(Boundary::Rollback { .. } | Boundary::RollbackTo)
        );
        (undoes && had_work).then(|| {
            let reason = "it undoes what stands in front of it, so the migration is not made. Write COMMIT, or leave out \
                          what is undone.";
            Finding::new(Rule::Fail, reason)
        })
    }

    fn begin(&mut self, place: Place) {
        // What stands in front of it is done.
        if self.begin.is_none() {
            self.has_work = false;
        }
        self.begin = Some(place);
        self.begun += 1;
    }

    /// The problem of a text that ends inside of a transaction.
    pub(super) fn left_open(&self) -> Option<Problem> {
        let reason = "it begins a transaction that nothing commits, so everything behind it is undone when the connection \
                      ends. Write COMMIT at its end.";
        let begin = self.begin.as_ref().filter(|_| self.has_work)?;
        Some(begin.problem(&Finding::new(Rule::Fail, reason)))
    }
}
