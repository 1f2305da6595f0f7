//! The pages say what the project is: the runbook's states and errors, detect's checks, and links that lead somewhere.

mod links;
mod tables;

use project::{Names, keys, machine, read};
use serde_json::Value;
use std::fs;

pub use tables::{names, table};

pub const RUNBOOK: &str = "statemachine/README.md";

#[test]
fn given_a_state_then_the_runbook_says_what_it_changes_and_what_undoes_it() {
    let states = keys(&machine()["States"]);
    let rows = table(&read(RUNBOOK), "state");
    assert_eq!(first_names(&rows), states);
    assert_eq!(rows.len(), states.len(), "a state has one row");
    for row in rows {
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

#[test]
fn given_an_error_that_an_execution_can_end_with_then_the_runbook_says_what_to_do() {
    let mut errors = failures(&machine());
    errors.extend(crate::machine::errors());
    errors.extend(crate::failures::names_of_aws());
    errors.extend(crate::machine::OF_PEOPLE.map(str::to_owned));
    let rows = table(&read(RUNBOOK), "error");
    let names = first_names(&rows).into_iter();
    let (of_aws, ours): (Names, Names) = names.partition(|name| name.contains('.'));
    assert_eq!(ours, errors);
    // A function may run out of time, or die.
    for name in ["Sandbox.Timedout", "Lambda.Unknown"] {
        assert!(of_aws.contains(name), "{name}: {of_aws:?}");
    }
    // What can be caught ends with a name of ours.
    let uncaught: Names = of_aws
        .into_iter()
        .filter(|it| it.starts_with("States."))
        .collect();
    let names = ["States.QueryEvaluationError", "States.Runtime"];
    assert_eq!(uncaught, names.map(str::to_owned).into());
    for row in rows {
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

/// The names of errors that the machine gives itself.
fn failures(machine: &Value) -> Names {
    let mut names = Names::new();
    let mut open = vec![machine];
    while let Some(value) = open.pop() {
        let own = value["Error"].as_str().filter(|it| !it.starts_with("{%"));
        names.extend(own.map(str::to_owned));
        open.extend(value.as_object().into_iter().flat_map(|it| it.values()));
        open.extend(value.as_array().into_iter().flatten());
    }
    names
}

#[test]
fn given_a_check_of_the_preflight_then_its_page_says_what_to_do() {
    let mut listed = Names::new();
    for row in table(&read("functions/detect/README.md"), "check") {
        for name in names(&row[0]) {
            let check = detect::preflight::Check::named(&name).expect("a check");
            let refuses = check.severity == detect::preflight::Severity::Refusal;
            let says = row[1].starts_with("refuse");
            assert!(refuses == says || name == "alarm-on", "{name}");
            listed.insert(name);
        }
    }
    let checks = detect::preflight::CHECKS.iter();
    assert_eq!(listed, checks.map(|check| check.name.to_owned()).collect());
}

#[test]
fn given_a_parameter_or_an_output_in_a_page_then_the_template_has_it() {
    let template = project::template();
    for (head, section) in [("parameter", "Parameters"), ("output", "Outputs")] {
        let known = keys(&template[section]);
        for page in project::files("", ".md") {
            let text = fs::read_to_string(&page).expect("a page");
            for name in first_names(&table(&text, head)) {
                assert!(known.contains(&name), "{}: {name}", page.display());
            }
        }
    }
}

fn first_names(rows: &[Vec<String>]) -> Names {
    rows.iter().flat_map(|row| names(&row[0])).collect()
}
