//! Installs MiniStack into a virtual environment of its own below `target/`, once, pinned by hash.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// MiniStack needs at least this Python (its package says so).
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// Where the rehearsal keeps what it makes: below the target folder of this build.
pub fn home() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project::root().join("target"), PathBuf::from)
        .join("rehearsal")
}

/// Makes the environment if need be, and gives its Python. Several processes may call it at once.
pub(crate) fn python() -> Result<PathBuf> {
    let home = home();
    fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    let lock = fs::File::create(home.join("install.lock"))?;
    lock.lock()?;
    let venv = home.join("venv");
    let (python, stamp) = (venv.join("bin/python"), venv.join("requirements.txt"));
    let requirements = project::root().join("tests/rehearsal/requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    // The Python behind the environment may have been removed since.
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    let base = base_python()?;
    let make = run(Command::new(&base)
        .args(["-m", "venv", "--clear"])
        .arg(&venv))?;
    if !make.status.success() {
        bail!(
            "{base} cannot make a virtual environment. Install Python's venv module (on Debian: python3-venv).\n{}",
            tail(&make)
        );
    }
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        "-r",
    ];
    let install = run(Command::new(&python).args(pip).arg(&requirements))?;
    if !install.status.success() {
        bail!(
            "the local AWS could not be installed. Expected pip to reach its package index; check the network, \
             then run this again. pip said:\n{}",
            tail(&install)
        );
    }
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// The first Python on the path that is new enough.
fn base_python() -> Result<String> {
    let mut found = Vec::new();
    for name in [
        "python3",
        "python3.13",
        "python3.12",
        "python3.11",
        "python3.10",
        "python",
    ] {
        let script = "import sys; print(sys.version_info[0], sys.version_info[1])";
        let Ok(output) = Command::new(name).args(["-c", script]).output() else {
            continue;
        };
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut numbers = text
            .split_whitespace()
            .filter_map(|number| number.parse().ok());
        if let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) {
            if (major, minor) >= OLDEST_PYTHON {
                return Ok(name.to_owned());
            }
            found.push(format!("{name} {major}.{minor}"));
        }
    }
    let (major, minor) = OLDEST_PYTHON;
    let found = if found.is_empty() {
        "none".to_owned()
    } else {
        found.join(", ")
    };
    bail!(
        "the local AWS needs Python {major}.{minor} or newer, found {found}. Install one and run this again."
    )
}

fn run(command: &mut Command) -> Result<Output> {
    command
        .output()
        .with_context(|| format!("cannot run {command:?}"))
}

fn tail(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}
