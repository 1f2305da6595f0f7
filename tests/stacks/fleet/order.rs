//! Whether the machine goes from one task to the next as `release.rs` does, without another task in between.

use serde_json::Value;
use std::collections::BTreeSet;

const NEXT: [(&str, &str); 19] = [
    ("Detect environments", "Check traffic"),
    ("Check traffic", "Detect environments"),
    ("Detect environments", "Register task definition"),
    ("Register task definition", "Deploy to idle environment"),
    ("Deploy to idle environment", "Check deployment"),
    ("Check deployment", "Check deployment"),
    ("Check deployment", "Smoke test idle environment"),
    ("Smoke test idle environment", "Record smoke test"),
    ("Record smoke test", "Heed people"),
    ("Heed people", "Check alarms"),
    ("Check alarms", "Flip traffic"),
    ("Flip traffic", "Scale idle environment again"),
    ("Scale idle environment again", "Check alarms"),
    ("Flip traffic", "Heed people again"),
    ("Heed people again", "Evaluate metrics"),
    ("Evaluate metrics", "Heed people again"),
    ("Evaluate metrics", "Record step"),
    ("Record step", "Check alarms"),
    ("Evaluate metrics", "Record release"),
];

/// The states that may follow one.
fn following(state: &Value) -> BTreeSet<&str> {
    let choices = state["Choices"].as_array().into_iter().flatten();
    let nexts = choices.map(|choice| &choice["Next"]);
    let nexts = nexts.chain([&state["Next"], &state["Default"]]);
    nexts.filter_map(Value::as_str).collect()
}

/// The next tasks that are more than an event.
fn tasks_after<'a>(states: &'a Value, from: &str) -> BTreeSet<&'a str> {
    let (mut tasks, mut passed) = (BTreeSet::new(), BTreeSet::new());
    let mut open: Vec<&str> = following(&states[from]).into_iter().collect();
    while let Some(state) = open.pop() {
        let resource = states[state]["Resource"].as_str();
        if resource.is_some_and(|it| !it.ends_with(":putEvents")) {
            tasks.insert(state);
        } else if passed.insert(state) {
            open.extend(following(&states[state]));
        }
    }
    tasks
}

#[test]
fn the_machine_goes_as_a_release_of_the_fleet_does() {
    let machine = project::machine();
    for (from, to) in NEXT {
        let after = tasks_after(&machine["States"], from);
        assert!(after.contains(to), "after {from} come {after:?}, not {to}");
    }
}
