//! Every end of an execution has its exit code.

use crate::{FOLDER, bash, quoted};
use project::{Names, between, machine, read};
use serde_json::Value;
use shared::Error;

/// No execution ends with this one: it is how the history of an operator's rollback names the request.
const NO_END: &str = "RollbackRequested";

/// The rows of the runbook's table of errors: the names in the first column, and where traffic is.
fn runbook() -> Vec<(Names, String)> {
    let page = read("statemachine/README.md");
    let (_, table) = page.split_once("\n| error |").expect("a table of errors");
    let rows = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<&str> = row.split('|').collect();
        (quoted(cells[1], '`'), cells[3].trim().to_owned())
    })
    .collect()
}

/// Whether an execution ends with an error of this name. Those of AWS say as little of traffic as a stop does.
fn is_end(name: &String) -> bool {
    !name.starts_with("{%") && !name.starts_with("States.") && name != NO_END
}

#[test]
fn given_an_error_of_the_machine_then_the_script_has_a_code_for_it() {
    let documented: Names = runbook().into_iter().flat_map(|(names, _)| names).collect();
    let own = Error::ALL.iter().map(|(name, _)| (*name).to_owned());
    let all = own.chain(between(&machine().to_string(), "\"Error\":\"", "\""));
    let all: Names = all.chain(documented.clone()).filter(is_end).collect();
    assert!(all.len() > 35, "{all:?}");
    for name in &all {
        let code = bash("code_of_error \"$1\"", &[name]);
        assert_ne!(code, "7", "words.sh has no code for {name}");
        assert!(
            documented.contains(name),
            "no row of the runbook for {name}"
        );
    }
}

/// Where the runbook says that traffic is as before, nothing was flipped.
#[test]
fn given_a_row_of_the_runbook_then_the_code_says_the_same_of_traffic() {
    for (names, traffic) in runbook() {
        let as_before = traffic.starts_with("As before") && !traffic.contains("on both")
            // Another release has left it so.
            || traffic.starts_with("As that execution left it")
            // Whose row stands above.
            || traffic == "As for `ApprovalRejected`.";
        let codes: &[&str] = if as_before {
            &["1", "3", "5", "64"]
        } else {
            &["2", "4"]
        };
        for name in names.iter().filter(|it| is_end(it)) {
            let code = bash("code_of_error \"$1\"", &[name]);
            assert!(
                codes.contains(&code.as_str()),
                "{name}: {code}, and traffic is: {traffic}"
            );
        }
    }
}

/// Every `result` in an output of the machine.
fn results(value: &Value, found: &mut Names) {
    match value {
        Value::Object(fields) => {
            if let Some(result) = fields.get("result").and_then(Value::as_str) {
                let parts = quoted(result, '\'');
                found.extend(if parts.is_empty() {
                    Names::from([result.to_owned()])
                } else {
                    parts
                });
            }
            fields.values().for_each(|it| results(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| results(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn given_a_result_of_the_machine_then_the_script_has_a_code_for_it() {
    let mut found = Names::new();
    results(&machine(), &mut found);
    assert!(
        found.contains("released") && found.contains("synced"),
        "{found:?}"
    );
    let known = |name: &str, reason: &str| bash("code_of_result \"$1\" \"$2\"", &[name, reason]);
    // What is compared or joined in an expression is no result of its own.
    let is_expression = |it: &str| it.starts_with("{%");
    for name in found
        .iter()
        .filter(|it| !["release", "contract", "refuse"].contains(&it.as_str()))
        .filter(|it| !is_expression(it))
    {
        assert_ne!(known(name, ""), "7", "{name}");
    }
    // What people say, as detect words it.
    for word in [
        "approved", "rejected", "held", "resumed", "finished", "frozen", "unfrozen", "stopped",
    ] {
        assert_eq!(known(word, ""), "0", "{word}");
    }
    assert_eq!(known("held back", "releases are frozen"), "3");
    assert_eq!(known("released", ""), "0");
    assert_eq!(known("nothing to release", "it is live"), "3");
    assert_eq!(
        known(
            "nothing to release",
            "superseded by a newer request, made at"
        ),
        "5"
    );
    assert_eq!(known("planned: refuse", ""), "3");
    assert_eq!(known("planned: release", ""), "0");
    assert_eq!(known("something new", ""), "7");
    assert!(
        read("functions/detect/src/claim/admission.rs").contains("\"superseded by a newer request")
    );
}

#[test]
fn given_an_exit_code_then_the_page_says_what_it_means() {
    let page = read(&format!("{FOLDER}/README.md"));
    for code in 0..8 {
        assert!(page.contains(&format!("\n| {code} |")), "no row for {code}");
        let words = bash("words_of_code \"$1\"", &[&code.to_string()]);
        assert_eq!(words.is_empty(), code == 0, "{code}: {words}");
    }
    assert!(page.contains("\n| 64 |") && page.contains("\n| 130, 143, 129 |"));
}
