//! Builds the functions with the Cargo that runs us, and packs each as Lambda wants it.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStdout, Command};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The functions' binaries, by their names in `template.yaml`.
pub const FUNCTIONS: [(&str, &str); 5] = [
    ("Detect", "detect"),
    ("Deploy", "deploy"),
    ("Smoke", "smoke"),
    ("Flip", "flip"),
    ("EvaluateMetrics", "evaluate-metrics"),
];

const SAMPLE_SERVICE: &str = "sample-service";

/// What was built.
#[derive(Clone)]
pub struct Built {
    /// From a function's name in the template to its package.
    pub packages: BTreeMap<String, Vec<u8>>,
    /// The service that the containers run.
    pub sample_service: PathBuf,
}

/// Builds everything that the rehearsal runs, in the profile of this very program; `progress` gets what was compiled.
///
/// Dropping the future ends Cargo.
///
/// # Errors
/// Cargo cannot run, or a program does not build.
pub async fn build(progress: &(dyn Fn(&str) + Sync)) -> Result<Built> {
    let child = cargo().spawn();
    let mut child = child.context("cannot run cargo; is Rust's toolchain on the path?")?;
    let stdout = child.stdout.take().context("no output of cargo")?;
    let mut stderr = child.stderr.take().context("no errors of cargo")?;
    let mut errors = String::new();
    let reading = stderr.read_to_string(&mut errors);
    let (programs, _) = tokio::join!(programs(stdout, progress), reading);
    if !child.wait().await?.success() {
        bail!("the functions do not build:\n{errors}");
    }
    let programs = programs?;
    let program = |name: &str| {
        let path = programs.get(name);
        path.with_context(|| format!("cargo built no program {name}"))
    };
    let packages =
        FUNCTIONS.map(|(name, binary)| Ok((name.to_owned(), package(program(binary)?)?)));
    Ok(Built {
        packages: packages.into_iter().collect::<Result<_>>()?,
        sample_service: program(SAMPLE_SERVICE)?.clone(),
    })
}

fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(project::root())
        .args(["build", "--quiet", "--package", "rehearsal"])
        .args(["--bin", SAMPLE_SERVICE])
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for (_, binary) in FUNCTIONS {
        cargo.args(["--package", binary, "--bin", binary]);
    }
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(describes_this_program) {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Whether Cargo set a variable for the program that it runs, which is us.
///
/// ring's build script asks to run again when one of these changes. Passed on, they make every build compile ring
/// and all that stands on it anew: this one, and then the next one outside, where they are not set.
fn describes_this_program(variable: &str) -> bool {
    let ours = ["BIN_", "CRATE_", "MANIFEST_", "PKG_", "PRIMARY_PACKAGE"];
    let name = variable.strip_prefix("CARGO_").unwrap_or_default();
    ours.iter().any(|prefix| name.starts_with(prefix))
}

/// The programs that Cargo built, by name, as its messages list them.
async fn programs(
    stdout: ChildStdout,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BTreeMap<String, PathBuf>> {
    let mut lines = BufReader::new(stdout).lines();
    let (mut programs, mut compiled) = (BTreeMap::new(), 0);
    while let Some(line) = lines.next_line().await? {
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if message["fresh"] == false {
            compiled += 1;
            progress(&format!("building: {compiled} compiled, {name}"));
        }
        if let Some(path) = message["executable"].as_str() {
            programs.insert(name.to_owned(), path.into());
        }
    }
    Ok(programs)
}

fn package(program: &Path) -> Result<Vec<u8>> {
    let bootstrap =
        std::fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    // Packing is for one machine and one minute: time matters, size does not.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", options)?;
    zip.write_all(&bootstrap)?;
    Ok(zip.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_describes_this_program_is_kept_from_cargo() {
        for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_BIN_NAME"] {
            assert!(describes_this_program(name), "{name}");
        }
        for name in ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE"] {
            assert!(!describes_this_program(name), "{name}");
        }
    }
}
