//! The command, as a user or a job of CI starts it.

mod files;
mod formats;
mod since;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A danger that is no lock.
const DROP: &str = "SET lock_timeout = '1s'; DROP TABLE orders;";

/// An empty folder for one test.
fn folder(test: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn write(folder: &Path, file: &str, text: impl AsRef<[u8]>) {
    let file = folder.join(file);
    fs::create_dir_all(file.parent().expect("a folder")).expect("its folder");
    fs::write(file, text).expect("a file");
}

/// The command in a folder, with what every run needs. Git does not look above the folder.
fn lint_migration(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lint-migration"));
    command.args(["--step", "expand", "--dialect", "postgresql"]);
    command.current_dir(folder);
    command.env(
        "GIT_CEILING_DIRECTORIES",
        folder.parent().expect("a parent"),
    );
    without_settings(&mut command);
    command
}

/// What whoever runs the tests has set for git is not of the tests.
fn without_settings(command: &mut Command) -> &mut Command {
    let command = command.env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("GIT_CONFIG_NOSYSTEM", "1")
}

/// The exit code, the output and the errors of a run with more arguments.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    said(lint_migration(folder).args(arguments).output())
}

fn said(output: std::io::Result<Output>) -> (i32, String, String) {
    let output = output.expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    let code = output.status.code().expect("no signal");
    (code, text(output.stdout), text(output.stderr))
}

#[test]
fn the_version_and_the_exit_codes_are_shown() {
    let folder = folder("version");
    let (code, version, _) = run(&folder, &["--version"]);
    assert_eq!(code, 0);
    assert_eq!(
        version,
        concat!("lint-migration ", env!("CARGO_PKG_VERSION"), "\n")
    );
    let (code, help, _) = run(&folder, &["--help"]);
    assert_eq!(code, 0);
    assert!(help.contains("Exit codes:"), "{help}");
}
