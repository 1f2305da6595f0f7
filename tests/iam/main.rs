//! No function can call an API that its job does not need (I9): the recorded calls against `template.yaml`.
//!
//! `calls.json` holds what the functions asked of AWS in whole releases, written by the names of the template, so
//! that no stack is needed here: it is judged in a deployment on paper. The test `permissions` makes those releases and
//! holds the file against them. `denied` shows the other side, that the next resource of the same kind is refused;
//! `trust` shows who may use the roles at all.
//!
//! The figures come last and are for a person, which a test harness would not let them: hence a `main` of its own.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

mod denied;
mod reasons;
mod trust;

use rehearsal::iam::facts::Fact;
use rehearsal::iam::policies::SOURCE_FUNCTION;
use rehearsal::iam::{Deployed, Policies, Recorded, Report};
use rehearsal::{install, template};

fn main() {
    let checks: [(&str, fn()); 11] = [
        (
            "every condition is about a key that AWS sends",
            keys_are_sent,
        ),
        (
            "the file is written as the recording writes it",
            file_is_tidy,
        ),
        ("detect reads this service and no other", denied::detect),
        (
            "deploy updates these services with these roles",
            denied::deploy,
        ),
        ("smoke asks nothing of AWS", denied::smoke),
        ("flip moves these rules and no other", denied::flip),
        ("evaluate-metrics only looks", denied::evaluate_metrics),
        ("a function writes its own log", denied::logs),
        (
            "the machine invokes the functions and nothing else",
            trust::machine,
        ),
        (
            "the trigger starts the machine and nothing else",
            trust::trigger,
        ),
        (
            "services act only for this stack's own resources",
            trust::deputies,
        ),
    ];
    for (name, check) in checks {
        check();
        println!("{name} ... ok");
    }
    let report = report();
    assert!(report.is_clean(), "{report:#?}");
    println!("{report}");
}

/// The template as it would be deployed, with everything optional.
fn deployed() -> Deployed {
    let path = install::workspace().join("template.yaml");
    Deployed::on_paper(template::load(&path).expect("template.yaml is a template"))
}

fn policies() -> Policies {
    Policies::of(&deployed()).expect("every policy is understood")
}

fn file() -> String {
    let path = install::workspace().join("tests/iam/calls.json");
    std::fs::read_to_string(path).expect("tests/iam/calls.json")
}

fn report() -> Report {
    let recorded = Recorded::parse(&file()).expect("calls.json holds calls");
    let calls = recorded
        .expand(&deployed())
        .expect("every name is one of the template");
    Report::of(&policies(), &calls, &reasons::REASONS).expect("every action is known")
}

fn file_is_tidy() {
    let recorded = Recorded::parse(&file()).expect("calls.json holds calls");
    assert_eq!(file(), recorded.to_text().expect("a text"));
    for entry in &recorded.0 {
        let named = entry.resource == "*" || entry.resource.contains("${");
        assert!(
            named,
            "a resource that the template does not name: {entry:?}"
        );
    }
}

/// A condition about a key that AWS does not send with the action would refuse it always, or never deny it.
fn keys_are_sent() {
    let policies = policies();
    for function in policies.functions() {
        for statement in policies.statements(function).iter().filter(|it| it.allows) {
            for action in &statement.actions {
                let fact = Fact::of(action).unwrap_or_else(|| panic!("no facts about {action}"));
                let sent = |key: &&str| fact.keys.contains(key) || *key == SOURCE_FUNCTION;
                assert!(
                    statement.keys().iter().all(sent),
                    "{function} {statement:?}"
                );
            }
        }
    }
}
