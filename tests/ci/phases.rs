//! Every state of the machine that does something is a phase of the script, or is passed over on purpose.

use crate::{FOLDER, bash, quoted};
use project::{Names, machine, read};

/// What only tells of the release, and does nothing to it.
const TELLS: [&str; 2] = [":sns:publish", ":events:putEvents"];

/// States that mean something to the script beyond their phase.
const FOLLOWED: [&str; 7] = [
    "Record step",
    "Flip traffic",
    "Watch",
    "Flip back",
    "Tell of waiting",
    "Tell of contract gate",
    "Tell of held-back request",
];

/// States in which a machine stands for as long as people want, or a calendar.
const WAITS: [&str; 4] = [
    "Wait for approval",
    "Watch while people decide",
    "Wait for the release in progress",
    "Wait for end of freeze",
];

#[test]
fn given_a_task_of_the_machine_then_the_script_knows_it() {
    let machine = machine();
    let states = machine["States"].as_object().expect("states");
    for (name, state) in states.iter().filter(|(_, it)| it["Type"] == "Task") {
        let resource = state["Resource"].as_str().unwrap_or_default();
        if !TELLS.iter().any(|it| resource.ends_with(it)) {
            bash("phase_of \"$1\"", &[name]);
        }
    }
}

#[test]
fn given_a_state_in_the_script_then_the_machine_has_it() {
    let machine = machine();
    let words = read(&format!("{FOLDER}/words.sh"));
    let (phases, _) = words
        .split_once("code_of_error")
        .expect("the phases come first");
    let patterns = phases
        .lines()
        .filter_map(|line| line.split_once(')'))
        .map(|(pattern, _)| pattern);
    let named: Names = patterns.flat_map(|it| quoted(it, '\'')).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        assert!(
            machine["States"].get(&name).is_some(),
            "the machine has no state {name}"
        );
    }
    for (file, names) in [("release.sh", &FOLLOWED[..]), ("report.sh", &WAITS)] {
        let script = read(&format!("{FOLDER}/{file}"));
        for name in names {
            assert!(
                script.contains(&format!("'{name}'")) && machine["States"].get(*name).is_some(),
                "{file}: {name}"
            );
        }
    }
}
