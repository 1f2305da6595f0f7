//! A machine for CI that has failed: whether the release of that name is this job's, and what GitHub shows.

use crate::{FOLDER, bash};
use project::{between, read};
use std::fs;
use std::path::PathBuf;

const EXECUTION: &str = "arn:aws:states:eu-west-1:123456789012:execution:shop-ci:n1";

/// Empty files in place of GitHub's for outputs and for the summary of a job.
fn files(test: &str) -> [PathBuf; 2] {
    ["outputs", "summary"].map(|file| {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{file}"));
        fs::write(&path, "").expect("a file");
        path
    })
}

/// What a command says and leaves, followed by its code, in the state of a job that has started the machine for CI.
fn job(command: &str, arguments: &[&str], files: &[PathBuf; 2]) -> [String; 3] {
    let [outputs, summary] = files.each_ref().map(|it| it.display().to_string());
    let state = format!(
        "export GITHUB_OUTPUT='{outputs}' GITHUB_STEP_SUMMARY='{summary}'\n\
         name=n1 region=eu-west-1 input='{{\"tag\": \"v1\"}}' execution={EXECUTION}\n"
    );
    let said = bash(
        &format!("{state}( {command} ) 2>&1 || echo \"code $?\""),
        arguments,
    );
    let [outputs, summary] = files
        .each_ref()
        .map(|it| fs::read_to_string(it).expect("it was written"));
    [said, outputs, summary]
}

/// What becomes of a job whose machine for CI has failed. `answers` stand in place of AWS's, once for each line of it.
fn found(why: &str, answers: &str, test: &str) -> [String; 3] {
    let command = "answers=$2; ask() { local now=${answers%%$'\\n'*}; answers=${answers#*$'\\n'}; \
        problem=${now#* } answer=${now#* }; return \"${now%% *}\"; }; \
        find_release \"$1\" arn:aws:states:eu-west-1:123456789012:execution:shop-release:n1; echo follows";
    job(command, &[why, answers], &files(test))
}

#[test]
fn given_an_end_with_an_execution_then_its_code_text_and_link_reach_the_workflow() {
    let refused = job("refuse \"$1\"", &["why\nnot"], &files("refuse"));
    let [said, outputs, summary] = refused;
    assert!(said.ends_with("\ncode 64"), "{said}");
    assert!(
        outputs.starts_with(&format!(
            "exit-code=64\nexecution={EXECUTION}\nurl=https://"
        )),
        "{outputs}"
    );
    let heading = "### Release n1: nothing was started\n\n    why not\n\n[Execution](https://";
    assert!(summary.starts_with(heading), "{summary}");
    for (code, text, heading, last) in [
        ("0", "released to green: shop", "released", "done"),
        ("0", "rolled back", "done", "released"),
        (
            "1",
            "why",
            "failed before the flip: customers never saw it",
            "done",
        ),
    ] {
        let [said, outputs, summary] = job("end \"$@\"", &[code, text], &files("end"));
        assert_eq!(said.contains("code "), code != "0", "{said}");
        assert!(
            outputs.starts_with(&format!("exit-code={code}\n")),
            "{outputs}"
        );
        let wanted = format!("### Release n1: {heading}\n\n    {text}\n\n");
        assert!(
            summary.starts_with(&wanted) && !summary.contains(&format!(": {last}\n")),
            "{summary}"
        );
    }
}

/// Before there is an execution there is no link, and nothing for a summary.
#[test]
fn given_a_refusal_before_anything_was_started_then_only_its_code_reaches_the_workflow() {
    let [said, outputs, summary] = job("execution=; refuse why", &[], &files("early"));
    assert_eq!(said, "release: why\ncode 64");
    assert_eq!(outputs, "exit-code=64\nexecution=\nurl=\n");
    assert_eq!(summary, "");
}

/// The machine for CI fails only where it knows of no release that is its own, and the page has a row for each.
#[test]
fn given_an_error_of_the_machine_for_ci_then_nothing_was_started() {
    let page = read(&format!("{FOLDER}/README.md"));
    let errors = between(&read("statemachine/ci.asl.json"), "\"Error\": \"", "\"");
    assert_eq!(errors.len(), 2, "{errors:?}");
    let none = "1 An error occurred (ExecutionDoesNotExist) when calling DescribeExecution";
    let aborted = ["ABORTED", "States.Timeout"].map(str::to_owned);
    for error in errors.iter().chain(&aborted) {
        let row = page.contains(&format!("\n| `{error}` |"));
        assert_eq!(row, errors.contains(error), "{error}");
        let [said, outputs, summary] = found(&format!("{error}: why"), none, "none");
        assert!(
            said.starts_with("release: ") && said.contains(&format!("{error}: why")),
            "{said}"
        );
        assert!(said.ends_with("\ncode 64"), "{said}");
        assert!(outputs.starts_with("exit-code=64\n"), "{outputs}");
        let heading = "### Release n1: nothing was started\n\n    ";
        assert!(
            summary.starts_with(heading) && summary.contains(": why"),
            "{summary}"
        );
    }
    let [said, ..] = found("NameTaken: why", none, "taken");
    assert!(
        said.contains("give the output StateMachineArn as --state-machine"),
        "{said}"
    );
}

/// Another's release of that name is not taken for one's own.
#[test]
fn given_a_start_whose_answers_were_lost_then_the_job_follows_only_its_own_release() {
    let why = "NotStarted: Start release: States.Timeout";
    let [said, ..] = found(why, "0 {}\n0 same", "same");
    assert_eq!(
        said,
        "the release has begun all the same: attached to it\nfollows"
    );
    let [said, ..] = found(why, "0 {}\n0 other", "other");
    assert!(
        said.contains("is of another request: give another --name") && said.ends_with("code 64"),
        "{said}"
    );
    for answers in [
        "2 Rate exceeded",
        "1 AccessDenied",
        "0 {}\n2 Rate exceeded",
        "1 StateMachineDoesNotExist",
    ] {
        let [said, outputs, _] = found(why, answers, "unknown");
        let unknown = "lost sight of it. It is not known whether the release has begun: ";
        assert!(said.starts_with(unknown) && said.contains(why), "{said}");
        assert!(outputs.starts_with("exit-code=7\n"), "{outputs}");
    }
}
