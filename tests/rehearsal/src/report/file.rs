//! Where pages and pictures are written.

use super::outcome::Report;
use super::page::page;
use super::picture;
use super::story::Story;
use crate::install::home;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Writes one page about one scenario or several, named after it or `all`, and gives its path.
///
/// # Errors
/// The file cannot be written.
pub fn write(reports: &[Report]) -> Result<PathBuf> {
    let name = match reports {
        [report] => &report.scenario,
        _ => "all",
    };
    let path = home().join("reports").join(format!("{name}.html"));
    write_text(&path, &html(reports))?;
    Ok(path)
}

/// The page, as it is written.
pub fn html(reports: &[Report]) -> String {
    let stories: Vec<Story> = reports.iter().map(Story::of).collect();
    page(&stories)
}

/// Writes the picture alone, for a page elsewhere.
///
/// # Errors
/// The file cannot be written.
pub fn write_picture(report: &Report, path: &Path) -> Result<()> {
    write_text(path, &picture::alone(&Story::of(report)))
}

fn write_text(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().context("a path without a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
