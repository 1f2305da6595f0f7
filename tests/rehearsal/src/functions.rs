//! Builds the functions with the Cargo that runs us, and packs each as Lambda wants it.

use anyhow::{Context, Result, bail};
use prepare::SAMPLE_SERVICE;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::time::{Instant, interval_at};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// How long a build that has nothing to compile takes at the most, and from then on from one word to the next.
const EVERY: Duration = Duration::from_secs(5);

/// The functions' binaries, by their names in `template.yaml`.
pub const FUNCTIONS: [(&str, &str); 5] = [
    ("Detect", "detect"),
    ("Deploy", "deploy"),
    ("Smoke", "smoke"),
    ("Flip", "flip"),
    ("EvaluateMetrics", "evaluate-metrics"),
];

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
    let mut cargo = Command::from(prepare::build(&[SAMPLE_SERVICE]));
    cargo
        .args(["--quiet", "--message-format=json-render-diagnostics"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    cargo
}

/// The programs that Cargo built, by name, as its messages list them. Where there is something to compile, `progress`
/// gets how much so far, crate by crate and while one takes long.
async fn programs(
    stdout: ChildStdout,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<BTreeMap<String, PathBuf>> {
    let mut lines = BufReader::new(stdout).lines();
    let mut still = interval_at(Instant::now() + EVERY, EVERY);
    let (mut programs, mut compiled) = (BTreeMap::new(), 0);
    loop {
        let line = tokio::select! {
            line = lines.next_line() => line?,
            _ = still.tick() => {
                progress(&so_far(compiled));
                continue;
            }
        };
        let Some(line) = line else {
            return Ok(programs);
        };
        let message: Value = serde_json::from_str(&line).unwrap_or_default();
        let name = message["target"]["name"].as_str().unwrap_or_default();
        if message["fresh"] == false {
            compiled += 1;
            progress(&format!("{}, {name}", so_far(compiled)));
        }
        if let Some(path) = message["executable"].as_str() {
            programs.insert(name.to_owned(), path.into());
        }
    }
}

fn so_far(compiled: usize) -> String {
    format!("building the functions for the local AWS, a minute or two: {compiled} crates so far")
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
