//! Installs MiniStack into a virtual environment of its own below `target/`, once, pinned by hash.

use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

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
    let advice = format!(
        "{base} cannot make a virtual environment. Install Python's venv module (on Debian: python3-venv)."
    );
    let make = ["-m", "venv", "--clear"];
    run(Command::new(&base).args(make).arg(&venv), &advice)?;
    let advice = "the local AWS could not be installed. Expected pip to reach its package index; check the network, \
         then run this again. pip said:";
    let install = "-m pip install --quiet --disable-pip-version-check --require-hashes -r";
    let mut pip = Command::new(&python);
    run(pip.args(install.split(' ')).arg(&requirements), advice)?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

/// The first Python on the path that is new enough.
fn base_python() -> Result<String> {
    let (major, minor) = OLDEST_PYTHON;
    let version = "print('%d.%d' % sys.version_info[:2])";
    let script = format!("import sys; {version}; sys.exit(sys.version_info < ({major}, {minor}))");
    let mut found = Vec::new();
    for name in "python3 python3.13 python3.12 python3.11 python3.10 python".split(' ') {
        let Ok(output) = Command::new(name).args(["-c", &script]).output() else {
            continue;
        };
        match String::from_utf8_lossy(&output.stdout).trim() {
            "" => {}
            _ if output.status.success() => return Ok(name.to_owned()),
            version => found.push(format!("{name} {version}")),
        }
    }
    if found.is_empty() {
        found.push("none".to_owned());
    }
    let found = found.join(", ");
    bail!(
        "the local AWS needs Python {major}.{minor} or newer, found {found}. Install one and run this again."
    )
}

/// Runs a command; where it fails, the error is the advice with the last lines that the command said.
fn run(command: &mut Command, advice: &str) -> Result<()> {
    let output = command.output();
    let output = output.with_context(|| format!("cannot run {command:?}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = text.lines().collect();
    let last = lines[lines.len().saturating_sub(6)..].join("\n");
    ensure!(output.status.success(), "{advice}\n{last}");
    Ok(())
}
