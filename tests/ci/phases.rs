//! Every state of the machine that does something is a phase of the script, or is passed over on purpose.

use crate::{FOLDER, bash, quoted};
use project::{Names, machine, read};

/// What only tells of the release, and does nothing to it.
const TELLS: [&str; 2] = [":sns:publish", ":events:putEvents"];

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
    let release = read(&format!("{FOLDER}/release.sh"));
    for name in ["Record step", "Flip traffic", "Watch"] {
        assert!(
            release.contains(&format!("'{name}'")) && machine["States"].get(name).is_some(),
            "{name}"
        );
    }
}
