//! Installs MiniStack, the SAM CLI and the AWS CLI into a virtual environment each below `target/`, once, pinned by
//! hash.

use crate::show::Show;
use anyhow::{Context, Result, ensure};
use project::install::{self, Packages};
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// Where the rehearsal keeps what it makes: below the target folder of this build.
pub fn home() -> PathBuf {
    install::home("rehearsal")
}

/// The Python that runs the local AWS. Several processes may call it at once.
pub(crate) fn python(show: &Show) -> Result<PathBuf> {
    let programs = programs("venv", "requirements.txt", "the local AWS", show);
    programs.map(|folder| folder.join("python"))
}

/// The folder with the SAM CLI, and with what it builds with.
pub(crate) fn sam(show: &Show) -> Result<PathBuf> {
    programs("sam", "sam-requirements.txt", "the SAM CLI", show)
}

/// The folder with the AWS CLI.
///
/// # Errors
/// There is no Python that is new enough, or pip cannot install it.
pub fn aws_cli(show: &Show) -> Result<PathBuf> {
    programs("aws-cli", "aws-cli-requirements.txt", "the AWS CLI", show)
}

/// Makes a virtual environment if need be, and gives the folder of its programs. Nothing is shown where it is there
/// already.
fn programs(name: &str, requirements: &str, what: &str, show: &Show) -> Result<PathBuf> {
    let packages = Packages {
        home: &home(),
        name,
        requirements: &format!("tests/rehearsal/{requirements}"),
        what,
    };
    let begin = || {
        show.step(&format!("installing {what} with pip, once: about a minute"));
        show.progress(&format!("installing {what}: making a virtual environment"));
    };
    let venv = packages.install(begin, |command, advice| run(command, advice, show))?;
    Ok(venv.join("bin"))
}

/// Runs a command and shows its lines; where it fails, the error is the advice with the last lines of its errors.
fn run(command: &mut Command, advice: &str, show: &Show) -> Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let child = command.stderr(Stdio::piped()).spawn();
    let mut child = child.with_context(|| format!("cannot run {command:?}"))?;
    let stderr = child.stderr.take().context("no errors of the command")?;
    let errors = thread::spawn(move || {
        let mut text = String::new();
        BufReader::new(stderr).read_to_string(&mut text).ok();
        text
    });
    let stdout = child.stdout.take().context("no output of the command")?;
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        show.progress(&format!("pip: {}", line.trim()));
    }
    let status = child.wait()?;
    let errors = errors.join().unwrap_or_default();
    let lines: Vec<_> = errors.lines().collect();
    let last = lines[lines.len().saturating_sub(6)..].join("\n");
    ensure!(status.success(), "{advice}\n{last}");
    Ok(())
}
