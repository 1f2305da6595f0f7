//! Builds the functions with the Cargo that runs us, and packs each as Lambda wants it.

use crate::install::workspace;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::process::Command;
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

/// What was built.
#[derive(Clone)]
pub struct Built {
    /// From a function's name in the template to its package.
    pub packages: BTreeMap<String, Vec<u8>>,
    /// The service that the containers run.
    pub sample_service: PathBuf,
}

/// Builds everything that the rehearsal runs, in the profile of this very program.
pub fn build() -> Result<Built> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace()).args([
        "build",
        "--quiet",
        "--package",
        "rehearsal",
        "--bin",
        "sample-service",
    ]);
    for (_, binary) in FUNCTIONS {
        cargo.args(["--package", binary, "--bin", binary]);
    }
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.output().context("cannot run cargo")?;
    if !output.status.success() {
        bail!(
            "the functions do not build:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let folder = binaries()?;
    let mut packages = BTreeMap::new();
    for (name, binary) in FUNCTIONS {
        let path = folder.join(binary);
        let bytes =
            std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        packages.insert(name.to_owned(), package(&bytes)?);
    }
    Ok(Built {
        packages,
        sample_service: folder.join("sample-service"),
    })
}

/// The folder of this profile's binaries; a test's own binary lies one deeper, in `deps`.
fn binaries() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().context("no folder around this program")?;
    let folder = if folder.ends_with("deps") {
        folder.parent().context("no target folder")?
    } else {
        folder
    };
    Ok(folder.to_owned())
}

fn package(bootstrap: &[u8]) -> Result<Vec<u8>> {
    // Packing is for one machine and one minute: time matters, size does not.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let options = options.unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", options)?;
    zip.write_all(bootstrap)?;
    Ok(zip.finish()?.into_inner())
}
