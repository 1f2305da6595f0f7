//! How Cargo builds what the rehearsal runs: before `cargo rehearse`, and before the tests on the local AWS.

use std::env::{var_os, vars_os};
use std::path::Path;
use std::process::Command;

/// The functions' binaries, which are packages of the same names.
pub const FUNCTIONS: [&str; 5] = ["detect", "deploy", "smoke", "flip", "evaluate-metrics"];

/// The service that the containers of the local AWS run.
pub const SAMPLE_SERVICE: &str = "sample-service";

/// The program that `cargo rehearse` becomes.
pub const REHEARSE: &str = "rehearse";

/// A `cargo build` of the functions and of these programs of the rehearsal, in the profile of this very program.
///
/// Whoever builds them names the same packages: then Cargo compiles them with the same features, and once.
pub fn build(of_rehearsal: &[&str]) -> Command {
    let mut cargo = Command::new(var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    cargo.current_dir(root).arg("build");
    cargo.args(["--package", "rehearsal"]);
    for program in of_rehearsal {
        cargo.args(["--bin", program]);
    }
    for function in FUNCTIONS {
        cargo.args(["--package", function, "--bin", function]);
    }
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    for (name, _) in vars_os() {
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
