//! What is written about one text, line by line, for people and for GitHub.

use migrations::{Problem, Report, Severity};
use std::fmt;

/// What an entry means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Problem(Severity),
    /// A comment lets it pass.
    Ignored,
}

pub(super) struct Entry {
    pub(super) kind: Kind,
    /// Where its statement begins; none if it is about no statement.
    pub(super) line: Option<usize>,
    /// Such as `danger[drop]`
    pub(super) label: String,
    pub(super) text: String,
}

/// In the order of the text, with what is not shown at the end.
pub(super) fn entries(report: &Report) -> Vec<Entry> {
    let problems = report.problems.iter();
    let problems = problems.map(|problem| {
        let kind = Kind::Problem(problem.severity());
        Entry::new(kind, problem, &problem.reason)
    });
    let ignored = report.ignored.iter();
    let ignored = ignored.map(|it| Entry::new(Kind::Ignored, &it.problem, &it.why));
    let mut entries: Vec<Entry> = problems.chain(ignored).collect();
    entries.sort_by_key(|entry| entry.line);
    entries.extend(unshown(report).map(|(kind, text)| Entry {
        kind,
        line: None,
        label: "more".to_owned(),
        text,
    }));
    entries
}

/// How many there are of which a report only counts the rest.
pub(super) fn unshown(report: &Report) -> impl Iterator<Item = (Kind, String)> {
    let beyond = |severity, kept: usize| report.count(severity).saturating_sub(kept);
    let unshown = [
        (
            Kind::Problem(Severity::Danger),
            "dangers",
            beyond(Severity::Danger, report.dangers().count()),
        ),
        (
            Kind::Problem(Severity::Lock),
            "locks",
            beyond(Severity::Lock, report.locks().count()),
        ),
        (Kind::Ignored, "ignored problems", report.more_ignored),
    ];
    let unshown = unshown.into_iter().filter(|it| it.2 > 0);
    unshown.map(|(kind, what, number)| (kind, format!("{what} that are not shown: {number}")))
}

impl Entry {
    fn new(kind: Kind, problem: &Problem, reason: &str) -> Entry {
        let statement = &problem.statement;
        let separator = if statement.is_empty() { "" } else { ": " };
        Entry {
            kind,
            line: Some(problem.line),
            label: format!("{kind}[{}]", problem.rule),
            text: format!("{statement}{separator}{reason}"),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Kind::Problem(severity) => severity.fmt(f),
            Kind::Ignored => f.write_str("ignored"),
        }
    }
}
