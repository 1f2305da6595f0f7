//! Installs MiniStack, the SAM CLI and the AWS CLI into a virtual environment each below `target/`, once, pinned by hash.

use crate::show::Show;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// MiniStack needs at least this Python, and so does the SAM CLI (their packages say so).
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// Where the rehearsal keeps what it makes: below the target folder of this build.
pub fn home() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project::root().join("target"), PathBuf::from)
        .join("rehearsal")
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
    let home = home();
    fs::create_dir_all(&home).with_context(|| format!("cannot make {}", home.display()))?;
    let lock = fs::File::create(home.join("install.lock"))?;
    lock.lock()?;
    let venv = home.join(name);
    let (programs, stamp) = (venv.join("bin"), venv.join("requirements.txt"));
    let python = programs.join("python");
    let requirements = project::root().join("tests/rehearsal").join(requirements);
    let wanted = fs::read_to_string(&requirements)?;
    // The Python behind the environment may have been removed since.
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|text| text == wanted) {
        return Ok(programs);
    }
    show.step(&format!("installing {what} with pip, once: about a minute"));
    show.progress(&format!("installing {what}: making a virtual environment"));
    let base = base_python()?;
    let advice = format!(
        "{base} cannot make a virtual environment. Install Python's venv module (on Debian: python3-venv)."
    );
    let make = ["-m", "venv", "--clear"];
    run(Command::new(&base).args(make).arg(&venv), &advice, show)?;
    let advice = format!(
        "{what} could not be installed. Expected pip to reach its package index; check the network, then run this \
         again. pip said:"
    );
    let install = "-u -m pip install --disable-pip-version-check --no-deps --require-hashes -r";
    let mut pip = Command::new(&python);
    let pip = pip.args(install.split(' ')).arg(&requirements);
    run(pip, &advice, show)?;
    fs::write(stamp, wanted)?;
    Ok(programs)
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
        "the rehearsal needs Python {major}.{minor} or newer, found {found}. Install one and run this again."
    )
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
