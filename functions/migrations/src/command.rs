//! The linter as a command: reads files, judges them, and writes what was found in one of four formats.

mod entry;
mod github;
mod json;
mod outcome;
mod reading;
mod sarif;
mod shown;
mod since;
mod text;

use clap::{Parser, ValueEnum};
use migrations::{Dialect, Step, review};
use outcome::{Judged, Outcome, UNKNOWN, Unread};
use std::io::{self, Write, stderr, stdout};
use std::path::PathBuf;

const AFTER_HELP: &str = "\
Exit codes:
  0  nothing that refuses a file (with --locks warn, locks do not)
  1  a danger, or a lock with --locks refuse
  2  a file, an argument or git's answer cannot be read";

/// Says whether migrations may run while two versions of a service use one database
#[derive(Parser)]
#[command(name = "lint-migration", version, after_help = AFTER_HELP)]
struct Arguments {
    /// When they run: expand (before traffic moves) or contract (after the old version is gone)
    #[arg(long)]
    step: Step,
    /// The database: postgresql, mysql or sqlite
    #[arg(long)]
    dialect: Dialect,
    /// What becomes of a file with a lock, which makes reads or writes wait
    #[arg(long, default_value = "warn")]
    locks: Locks,
    /// How the output is written
    #[arg(long, default_value = "text")]
    format: Format,
    /// Judge only the files that HEAD did not have, or had otherwise, where it left this commit, branch or tag
    #[arg(long, value_name = "REV", value_parser = revision)]
    since: Option<String>,
    /// Files of SQL; `-` is the standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// What becomes of a lock.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Locks {
    /// It is told
    Warn,
    /// It refuses the file, like a danger
    Refuse,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Lines for people
    Text,
    /// One object for programs
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// A report for code scanning
    Sarif,
}

/// Git would read a revision with a hyphen in front as an option. GitHub gives zeros where a push begins a branch.
fn revision(text: &str) -> Result<String, String> {
    let found = if text.starts_with('-') {
        ""
    } else if text.is_empty() || text.ends_with('/') {
        "; most likely a variable is empty"
    } else if text.contains("..") {
        ", found a range: name its beginning"
    } else if text.len() >= 40 && text.bytes().all(|byte| byte == b'0') {
        ", found zeros, which stand for no commit: name the branch that this one left"
    } else {
        return Ok(text.to_owned());
    };
    Err(format!("expected a commit, a branch or a tag{found}"))
}

/// Does what the arguments ask for, and says with which code to exit.
pub(crate) fn run() -> u8 {
    let arguments = Arguments::parse();
    let outcome = judge(&arguments);
    let refuse_locks = arguments.locks == Locks::Refuse;
    let document = match arguments.format {
        Format::Text => text::write(&outcome),
        Format::Json => json::write(&outcome),
        Format::Github => github::write(&outcome, refuse_locks),
        Format::Sarif => sarif::write(&outcome, refuse_locks),
    };
    // GitHub's lines say it themselves, and would say it twice.
    if !matches!(arguments.format, Format::Github) {
        for unread in &outcome.unread {
            // Nobody is left to tell where even this cannot be written.
            let _ = write!(stderr(), "{}", shown::line(&unread.to_string()));
        }
    }
    match written(&document) {
        Ok(()) => outcome.code(refuse_locks),
        Err(error) => {
            let _ = writeln!(stderr(), "the output cannot be written: {error}");
            UNKNOWN
        }
    }
}

fn judge(arguments: &Arguments) -> Outcome {
    let (files, mut outcome) = match &arguments.since {
        None => (arguments.files.clone(), Outcome::default()),
        Some(revision) => since::new_files(&arguments.files, revision),
    };
    for file in files {
        match reading::read(&file) {
            Ok(sql) => {
                let report = review(&sql, arguments.dialect, arguments.step);
                outcome.judged.push(Judged { file, report });
            }
            Err(reason) => outcome.unread.push(Unread::of_file(file, reason)),
        }
    }
    outcome
}

/// Whoever closes a pipe, such as `head`, has read enough: that is no error.
fn written(document: &str) -> io::Result<()> {
    let mut output = stdout().lock();
    let done = output
        .write_all(document.as_bytes())
        .and_then(|()| output.flush());
    match done {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn wrong_arguments_are_named() {
        for (line, part) in [
            (
                "lint-migration --step grow --dialect mysql a",
                "expected expand or contract, found \"grow\"",
            ),
            (
                "lint-migration --step expand --dialect oracle a",
                "expected postgresql, mysql or sqlite",
            ),
            ("lint-migration --step expand --dialect mysql", "<FILES>..."),
            (
                "lint-migration --step expand --dialect mysql --since= a",
                "expected a commit, a branch or a tag",
            ),
            (
                "lint-migration --step expand --dialect mysql --since=--all a",
                "expected a commit, a branch or a tag",
            ),
            (
                "lint-migration --step expand --dialect mysql --since origin/ a",
                "most likely a variable is empty",
            ),
            (
                "lint-migration --step expand --dialect mysql --since HEAD..base a",
                "found a range",
            ),
            (
                "lint-migration --step expand --dialect mysql --since 0000000000000000000000000000000000000000 a",
                "found zeros",
            ),
            (
                "lint-migration --step expand --dialect mysql --locks no a",
                "[possible values: warn, refuse]",
            ),
            (
                "lint-migration --step expand --dialect mysql -a.sql",
                "use '-- -a",
            ),
        ] {
            let error = arguments(line).err().expect(line);
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
