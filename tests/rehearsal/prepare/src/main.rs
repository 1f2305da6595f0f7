//! `cargo rehearse`: says what it does, has Cargo build all that the rehearsal runs, and becomes the rehearsal.
//!
//! Everything is on standard error; standard output is the rehearsal's.

mod progress;

use prepare::{FUNCTIONS, REHEARSE, SAMPLE_SERVICE, build};
use std::env::{args_os, current_exe};
use std::io::{self, IsTerminal};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};

const FIRST_TIME: &str = "\
The first time this takes 5 to 10 minutes on two cores: Cargo compiles the rehearsal, the five functions and the sample
service, and pip installs the local AWS. All of it stays below target/. After that a rehearsal begins within seconds.";

fn main() -> ExitCode {
    let error = match prepared() {
        // This returns only where it fails.
        Ok((status, rehearse)) if status.success() => {
            Command::new(rehearse).args(args_os().skip(1)).exec()
        }
        // Cargo has said why.
        Ok((status, _)) => return ExitCode::from(status.code().map_or(101, code)),
        Err(error) => error,
    };
    eprintln!("the rehearsal cannot begin: {error}");
    ExitCode::FAILURE
}

/// How Cargo's build ended, and where the rehearsal's program is.
fn prepared() -> io::Result<(ExitStatus, PathBuf)> {
    // Cargo puts all programs of a profile where this one is.
    let ours = current_exe()?;
    let folder = ours.parent().unwrap_or(Path::new("."));
    let mut programs = FUNCTIONS.iter().chain([&REHEARSE, &SAMPLE_SERVICE]);
    if programs.any(|program| !folder.join(program).exists()) {
        eprintln!("{FIRST_TIME}");
    }
    Ok((cargo()?, folder.join(REHEARSE)))
}

/// Builds, and shows how far it is.
fn cargo() -> io::Result<ExitStatus> {
    let mut cargo = build(&[REHEARSE, SAMPLE_SERVICE]);
    if io::stderr().is_terminal() {
        return cargo.status();
    }
    cargo
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "100")
        .stderr(Stdio::piped());
    let mut cargo = cargo.spawn()?;
    if let Some(stderr) = cargo.stderr.take() {
        progress::pass_on(stderr, &mut io::stderr())?;
    }
    cargo.wait()
}

fn code(code: i32) -> u8 {
    u8::try_from(code).unwrap_or(101)
}
