//! The service that the rehearsal releases. Its build (an image tag) chooses how it behaves.
//!
//! | variable | meaning |
//! |---|---|
//! | `LISTEN` | address and port |
//! | `BUILD`, `DIGEST` | the image it stands for |
//! | `DEPLOYMENT_SLOT` | the environment it runs in, for its answers only |
//! | `DATABASE` | the SQLite file that all tasks of one service share; empty for one in memory |
//!
//! It serves, unless its arguments, a container's command, ask for something else: `work` stands for a container that
//! listens nowhere, such as a worker or a sidecar, `migrate SQL` changes the database, `sleep SECONDS` is a migration
//! that hangs.
#![allow(clippy::print_stdout, reason = "its log is its standard output")]

mod database;
mod migrate;
mod orders;
mod process;
#[cfg(test)]
mod scratch;
mod service;

use process::{read, stop_requested};
use std::process::ExitCode;
use std::time::Duration;

/// The exit code after SIGTERM.
const STOPPED: u8 = 143;

fn main() -> ExitCode {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = match runtime.enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fatal(&format!("cannot start: {error}")),
    };
    let code = runtime.block_on(run());
    // A thread may still read our standard input, which may stay open: nobody waits for it.
    runtime.shutdown_background();
    code.unwrap_or_else(|message| fatal(&message))
}

async fn run() -> Result<ExitCode, String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => service::serve().await?,
        ["work"] => {
            println!("working as {}", read("BUILD"));
            stop_requested().await;
        }
        ["migrate", sql] if !sql.trim().is_empty() => migrate::run(&read("DATABASE"), sql)?,
        ["sleep", seconds] if let Ok(seconds) = seconds.parse() => {
            return Ok(sleep(Duration::from_secs(seconds)).await);
        }
        _ => {
            println!(
                "expected no arguments, `work`, `migrate SQL` or `sleep SECONDS`, found {arguments:?}"
            );
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Ends with a message.
fn fatal(message: &str) -> ExitCode {
    println!("fatal: {message}");
    ExitCode::FAILURE
}

/// One that was stopped has not done its work, so it does not end like one that has.
async fn sleep(time: Duration) -> ExitCode {
    println!("sleeping");
    tokio::select! {
        () = tokio::time::sleep(time) => ExitCode::SUCCESS,
        () = stop_requested() => ExitCode::from(STOPPED),
    }
}
