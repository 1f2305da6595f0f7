//! What is measured: the functions in release, the floor, and the aws CLI.

use anyhow::{Context, Result, ensure};
use std::env::{var, var_os, vars_os};
use std::fs::{self, File};
use std::io::{self, Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub const FUNCTIONS: [&str; 5] = ["detect", "deploy", "smoke", "flip", "evaluate-metrics"];

/// The function that greets.
pub const FLOOR: &str = "floor";

/// The aws CLI of PyPI: the same for everybody who measures.
const AWSCLI: &str = "awscli==1.46.2";

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn target() -> PathBuf {
    var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The binary of a function, or of the floor.
pub fn binary(name: &str) -> PathBuf {
    target().join("release").join(name)
}

/// Builds all of them as they are deployed, but for this machine.
///
/// # Errors
/// Cargo's.
pub fn build() -> Result<()> {
    let mut cargo = Command::new(var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(["build", "--release"]);
    cargo.args(["--package", "bench", "--bin", FLOOR]);
    for function in FUNCTIONS {
        cargo.args(["--package", function, "--bin", function]);
    }
    // They describe this very program, and a build script that looks at one would run again for every other program.
    for (name, _) in vars_os() {
        let text = name.to_string_lossy().into_owned();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    ensure!(cargo.status()?.success(), "the functions were not built");
    Ok(())
}

/// How large a file is, and how large zipped, as Lambda gets it; in bytes.
pub fn sizes(file: &Path) -> Result<[u64; 2]> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let best = SimpleFileOptions::default().compression_level(Some(9));
    zip.start_file("bootstrap", best)?;
    io::copy(&mut File::open(file)?, &mut zip)?;
    zip.flush()?;
    let zipped = zip.finish()?.into_inner().len();
    Ok([fs::metadata(file)?.len(), zipped.try_into()?])
}

/// The folder of the aws CLI: the one that `AWS_CLI_FOLDER` names, or one of its own, which Python installs once.
///
/// # Errors
/// There is no Python, or PyPI is not reached.
pub fn aws_cli() -> Result<PathBuf> {
    if let Ok(folder) = var("AWS_CLI_FOLDER") {
        return Ok(PathBuf::from(folder));
    }
    let environment = target().join("bench").join(AWSCLI.replace("==", "-"));
    let bin = environment.join("bin");
    if !bin.join("aws").exists() {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(&environment))?;
        run(Command::new(bin.join("pip")).args(["install", "--quiet", AWSCLI]))?;
    }
    Ok(bin)
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
