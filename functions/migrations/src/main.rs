//! lint-migration: says before a release whether a migration may run in its step.
//!
//! It exits with 0 when there are no problems, 1 when there are, and 2 when it cannot read a file or an argument.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use clap::Parser;
use migrations::{Dialect, Step, review};
use std::io::stdin;
use std::process::ExitCode;

/// Says whether migrations may run while two versions of a service use one database.
#[derive(Parser)]
#[command(name = "lint-migration")]
struct Arguments {
    /// When they run: expand (before traffic moves) or contract (after the old version is gone)
    #[arg(long)]
    step: Step,
    /// The database: postgresql, mysql or sqlite
    #[arg(long)]
    dialect: Dialect,
    /// Files of SQL; `-` is the standard input
    #[arg(required = true)]
    files: Vec<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let texts: Result<Vec<String>, String> =
        arguments.files.iter().map(|file| read(file)).collect();
    match texts {
        Ok(texts) => {
            let (lines, problems) = check(&arguments, &texts);
            println!("{}", lines.join("\n"));
            ExitCode::from(u8::from(problems > 0))
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn read(file: &str) -> Result<String, String> {
    if file == "-" {
        return std::io::read_to_string(stdin())
            .map_err(|error| format!("the standard input cannot be read: {error}"));
    }
    std::fs::read_to_string(file).map_err(|error| format!("{file} cannot be read: {error}"))
}

fn check(arguments: &Arguments, texts: &[String]) -> (Vec<String>, usize) {
    let mut lines = Vec::new();
    let mut statements = 0;
    for (file, text) in arguments.files.iter().zip(texts) {
        let report = review(text, arguments.dialect, arguments.step);
        statements += report.statements;
        lines.extend(report.problems.iter().map(|problem| {
            let (line, statement, reason) = (problem.line, &problem.statement, &problem.reason);
            format!("{file}:{line}: {statement}: {reason}")
        }));
    }
    let problems = lines.len();
    let (statements, files) = (count(statements, "statement"), count(texts.len(), "file"));
    let found = count(problems, "problem");
    lines.push(format!("{statements} in {files}: {found}"));
    (lines, problems)
}

/// `1 file`, `2 files`
fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split(' '))
    }

    #[test]
    fn problems_are_shown_with_their_file_and_line_and_counted() {
        let arguments = arguments("lint-migration --step expand --dialect sqlite a.sql b.sql")
            .expect("arguments");
        let texts = ["SELECT 1;\nDROP TABLE orders;", "SELECT 1"].map(str::to_owned);
        let (lines, problems) = check(&arguments, &texts);
        assert_eq!(problems, 1);
        assert!(
            lines[0].starts_with("a.sql:2: DROP TABLE orders: it drops"),
            "{lines:?}"
        );
        assert_eq!(lines[1..], ["3 statements in 2 files: 1 problem"]);
    }

    #[test]
    fn what_there_is_one_of_is_counted_as_one() {
        let arguments = arguments("lint-migration --step expand --dialect sqlite a.sql");
        let arguments = arguments.expect("arguments");
        let last = |sql: &str| check(&arguments, &[sql.to_owned()]).0.pop();
        assert_eq!(
            last("SELECT 1").as_deref(),
            Some("1 statement in 1 file: 0 problems")
        );
    }

    #[test]
    fn what_controls_a_terminal_is_not_printed() {
        let arguments = arguments("lint-migration --step expand --dialect sqlite a.sql");
        let sql = "DROP TABLE \"a\u{1b}[2Jb\";\nDELETE \u{7}\u{1b}]0;x".to_owned();
        let (lines, problems) = check(&arguments.expect("arguments"), &[sql]);
        assert!(problems > 0);
        let hidden = lines.iter().any(|line| line.contains(char::is_control));
        assert!(!hidden, "{lines:?}");
    }

    #[test]
    fn wrong_arguments_and_files_are_named() {
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
        ] {
            let error = arguments(line).err().expect(line);
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(part), "{error}");
        }
        let error = read("/no/such.sql").expect_err("no file");
        assert!(
            error.starts_with("/no/such.sql cannot be read: "),
            "{error}"
        );
    }
}
