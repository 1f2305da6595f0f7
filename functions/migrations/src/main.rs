//! lint-migration: says before a release whether a migration may run in its step.

mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(command::run())
}
