//! What was found in a text.

use crate::problem::Problem;
use crate::rule::Severity;

/// Problems of one severity that are kept; the rest is only counted.
const KEPT: usize = 1_000;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many statements the text has.
    pub statements: usize,
    /// In the order of the text, the first 1,000 dangers and the first 1,000 locks.
    pub problems: Vec<Problem>,
    /// How many problems there are beyond these.
    pub more: usize,
    /// What a comment lets pass, in the order of the text, the first 1,000.
    pub ignored: Vec<Ignored>,
    /// How many comments let pass beyond these.
    pub more_ignored: usize,
    dangers: usize,
    locks: usize,
}

/// A problem that a comment lets pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    pub problem: Problem,
    /// The comment's reason.
    pub why: String,
}

impl Report {
    /// What must be changed before the text may run.
    pub fn dangers(&self) -> impl Iterator<Item = &Problem> {
        self.of(Severity::Danger)
    }

    /// What makes reads or writes wait.
    pub fn locks(&self) -> impl Iterator<Item = &Problem> {
        self.of(Severity::Lock)
    }

    /// How many problems of one severity there are, with those that are not kept.
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Danger => self.dangers,
            Severity::Lock => self.locks,
        }
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Problem> {
        let problems = self.problems.iter();
        problems.filter(move |problem| problem.severity() == severity)
    }

    pub(crate) fn add(&mut self, problem: Problem) {
        if self.has_room(problem.severity()) {
            self.problems.push(problem);
        }
    }

    /// Adds a problem where its line stands.
    pub(crate) fn insert(&mut self, problem: Problem) {
        if self.has_room(problem.severity()) {
            let at = self.problems.partition_point(|it| it.line <= problem.line);
            self.problems.insert(at, problem);
        }
    }

    /// Counts a problem; says whether it is kept.
    fn has_room(&mut self, severity: Severity) -> bool {
        let count = match severity {
            Severity::Danger => &mut self.dangers,
            Severity::Lock => &mut self.locks,
        };
        *count += 1;
        let kept = *count <= KEPT;
        self.more += usize::from(!kept);
        kept
    }

    pub(crate) fn ignore(&mut self, problem: Problem, why: String) {
        if self.ignored.len() < KEPT {
            let at = self
                .ignored
                .partition_point(|it| it.problem.line <= problem.line);
            self.ignored.insert(at, Ignored { problem, why });
        } else {
            self.more_ignored += 1;
        }
    }
}
