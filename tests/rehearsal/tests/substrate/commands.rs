//! What the sample service does instead of serving, as its own process.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn started(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sample-service"));
    let command = command.args(arguments).env_clear();
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().expect("started")
}

/// The exit code and the output of a process.
fn ended(output: Output) -> (Option<i32>, String) {
    let text = String::from_utf8(output.stdout).expect("text");
    (output.status.code(), text)
}

#[test]
fn an_unknown_command_is_answered_with_what_was_expected() {
    for arguments in [
        &["migrate"][..],
        &["migrate", " "],
        &["migrate", "SELECT 1", "SELECT 2"],
        &["sleep"],
        &["sleep", "long"],
        &["serve"],
    ] {
        let (code, text) = ended(started(arguments).wait_with_output().expect("ended"));
        assert_eq!(code, Some(2), "{arguments:?}");
        let expect = "expected no arguments, `work`, `migrate SQL` or `sleep SECONDS`, found [";
        assert!(text.starts_with(expect), "{text}");
    }
}

#[test]
fn a_sleep_ends_by_itself_or_when_a_stop_is_requested() {
    let began = Instant::now();
    let mut patient = started(&["sleep", "1"]);
    let input = patient.stdin.take();
    let end = ended(patient.wait_with_output().expect("ended"));
    assert_eq!(end, (Some(0), "sleeping\n".to_owned()));
    assert!(began.elapsed() >= Duration::from_secs(1));
    drop(input);
    // This closes its input. Had it slept to the end, its code were 0.
    let end = ended(started(&["sleep", "60"]).wait_with_output().expect("ended"));
    assert_eq!(end, (Some(143), "sleeping\n".to_owned()));
}
