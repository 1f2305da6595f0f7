//! What came of all files, before it is written in one format or another.

use super::shown;
use migrations::Report;
use std::fmt;
use std::path::{Path, PathBuf};

/// What could not be found out, or said.
pub(super) const UNKNOWN: u8 = 2;

/// What came of all files.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) judged: Vec<Judged>,
    pub(super) unread: Vec<Unread>,
    /// Files that are not new since the revision that was named.
    pub(super) not_new: usize,
}

/// A file that was read.
pub(super) struct Judged {
    pub(super) file: PathBuf,
    pub(super) report: Report,
}

/// Files of which nothing is known.
pub(super) struct Unread {
    pub(super) files: Vec<PathBuf>,
    /// The folder that all of them are in, or the only file.
    pub(super) place: PathBuf,
    /// A whole sentence.
    pub(super) reason: String,
}

/// How many there are in all files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) statements: usize,
    pub(super) dangers: usize,
    pub(super) locks: usize,
    /// Problems that no report shows: each report that has some shows a thousand like them.
    pub(super) more: usize,
    /// With those that no report shows.
    pub(super) ignored: usize,
    pub(super) more_ignored: usize,
}

impl Outcome {
    pub(super) fn counts(&self) -> Counts {
        let reports = self.judged.iter().map(|judged| &judged.report);
        reports.fold(Counts::default(), |sum, report| Counts {
            statements: sum.statements + report.statements,
            dangers: sum.dangers + report.dangers().count(),
            locks: sum.locks + report.locks().count(),
            more: sum.more + report.more,
            ignored: sum.ignored + report.ignored.len() + report.more_ignored,
            more_ignored: sum.more_ignored + report.more_ignored,
        })
    }

    /// The code to exit with. What is not known may be worse than what is.
    pub(super) fn code(&self, refuse_locks: bool) -> u8 {
        let counts = self.counts();
        if !self.unread.is_empty() {
            UNKNOWN
        } else if counts.dangers > 0 || (refuse_locks && counts.locks > 0) {
            1
        } else {
            0
        }
    }

    /// One line about all files, such as `3 statements in 2 files: 1 danger, 2 locks`.
    pub(super) fn summary(&self) -> String {
        let counts = self.counts();
        let found = [
            (counts.dangers, "danger"),
            (counts.locks, "lock"),
            (counts.more, "more problem"),
            (counts.ignored, "ignored problem"),
        ];
        let found = found.iter().filter(|(number, _)| *number > 0);
        let mut found: Vec<String> = found.map(|(number, thing)| count(*number, thing)).collect();
        if found.is_empty() && !self.judged.is_empty() {
            found.push("no problems".to_owned());
        }
        let statements = count(counts.statements, "statement");
        let files = count(self.judged.len(), "file");
        let separator = if found.is_empty() { "" } else { ": " };
        let mut line = format!("{statements} in {files}{separator}{}", found.join(", "));
        let unread = self.unread.iter().map(|unread| unread.files.len()).sum();
        for (number, what) in [(unread, "not judged"), (self.not_new, "not new")] {
            if number > 0 {
                line += &format!("; {number} {what}");
            }
        }
        line
    }
}

impl Unread {
    pub(super) fn of_file(file: PathBuf, reason: String) -> Unread {
        Unread {
            files: vec![file.clone()],
            place: file,
            reason,
        }
    }

    /// Has no file yet.
    pub(super) fn of_folder(folder: &Path, reason: String) -> Unread {
        Unread {
            files: Vec::new(),
            place: folder.to_owned(),
            reason,
        }
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let name = shown::name(&self.place);
        write!(f, "{name}: {}", self.reason)
    }
}

/// `1 file`, `2 files`
fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
