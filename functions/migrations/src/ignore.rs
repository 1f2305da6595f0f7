//! Comments that let findings pass: `lint-migration: ignore RULE[, RULE...]: REASON`.

mod mark;

use crate::dialect::Dialect;
use crate::problem::{Finding, Place, Problem};
use crate::report::Report;
use crate::rule::Rule;
use crate::split::{Piece, behind, bodies, comments};
use mark::{Ignore, bad};

/// The comments of one statement that are meant for the linter.
#[derive(Default)]
pub(crate) struct Ignores {
    ignores: Vec<Ignore>,
    bad: Vec<Finding>,
}

impl Ignores {
    /// Those of a statement.
    pub(crate) fn of(piece: &Piece, dialect: Dialect) -> Ignores {
        let mut ignores = Ignores::default();
        // Most texts have none.
        if !mark::may_be_in(piece.text) {
            return ignores;
        }
        let behind = piece.follows.then(|| behind(piece.text, dialect));
        let behind = behind.unwrap_or_default();
        for (place, comment) in comments(piece.text, dialect).into_iter().enumerate() {
            for order in mark::orders(comment) {
                if place < behind {
                    ignores.bad.push(misplaced());
                } else {
                    ignores.add(order);
                }
            }
        }
        let bodies = bodies(piece.text, dialect).into_iter();
        let within = bodies.flat_map(|body| comments(body, dialect));
        let within = within.flat_map(mark::orders).map(|_| hidden());
        ignores.bad.extend(within);
        ignores
    }

    fn add(&mut self, order: Result<Ignore, Finding>) {
        match order {
            Ok(ignore) => self.ignores.push(ignore),
            Err(finding) => self.bad.push(finding),
        }
    }

    /// Whether they let a rule pass.
    pub(crate) fn lets_pass(&self, rule: Rule) -> bool {
        let mut ignores = self.ignores.iter();
        ignores.any(|ignore| ignore.rules.contains(&rule))
    }

    /// Reports what was found in the statement, and what is wrong with its comments.
    pub(crate) fn report(self, found: Vec<Problem>, place: &Place, report: &mut Report) {
        let unused = self.unused(&found);
        for problem in found {
            let mut ignores = self.ignores.iter();
            let ignore = ignores.find(|ignore| ignore.rules.contains(&problem.rule));
            match ignore {
                Some(ignore) => report.ignore(problem, ignore.why.clone()),
                None => report.insert(problem),
            }
        }
        for finding in self.bad.iter().chain(&unused) {
            report.insert(place.problem(finding));
        }
    }

    /// Rules that found nothing.
    fn unused(&self, found: &[Problem]) -> Vec<Finding> {
        let rules = self.ignores.iter().flat_map(|ignore| &ignore.rules);
        let is_used = |rule: &&Rule| found.iter().any(|problem| problem.rule == **rule);
        let (used, unused): (Vec<&Rule>, Vec<&Rule>) = rules.partition(is_used);
        let unused = unused.into_iter().map(|rule| {
            let remedy = match used.as_slice() {
                [] => "Delete the comment.".to_owned(),
                [..] => format!("Take `{rule}` out, and let the rest of its comments stay."),
            };
            let found = format!("its comment lets {rule} pass, which finds nothing here");
            bad(&found, &remedy)
        });
        unused.collect()
    }
}

fn misplaced() -> Finding {
    bad(
        "its comment stands behind another statement in the same line, so it may be meant for that",
        "Put it in a line of its own, in front of the statement that it is for.",
    )
}

fn hidden() -> Finding {
    bad(
        "its comment for the linter stands inside of a body, which is a string to the linter",
        "Put it in front of the whole statement.",
    )
}

#[cfg(test)]
#[path = "ignore_tests.rs"]
mod tests;
