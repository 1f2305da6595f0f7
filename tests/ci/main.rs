//! The files for users of CI: the script and action of `.github/actions/release` with its policies and pages, the workflow,
//! and the page for users of Terraform and CDK. Nothing of AWS is needed: `local_aws` runs the script against it.

mod action;
mod door;
mod ends;
mod example;
mod pages;
mod phases;
mod policies;
mod requests;
mod supply;
mod texts;

use project::Names;
use std::process::Command;

/// The folder of the action.
const FOLDER: &str = ".github/actions/release";

/// What stands between two of these quotes.
fn quoted(text: &str, quote: char) -> Names {
    let parts = text.split(quote).skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

/// What a command of bash prints, with these arguments, after it has read the script's files.
fn bash(command: &str, arguments: &[&str]) -> String {
    let files = ["words.sh", "calls.sh", "options.sh", "report.sh", "ci.sh"];
    let folder = project::root().join(FOLDER);
    let sourced = files.map(|file| format!("source '{}'\n", folder.join(file).display()));
    let script = format!("set -euo pipefail\n{}{command}", sourced.concat());
    let output = Command::new("bash")
        .args(["-c", &script, "bash"])
        .args(arguments)
        .output();
    let output = output.expect("bash runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command} {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout)
        .trim_end_matches('\n')
        .to_owned()
}
