//! No function can call an API that its job does not need (I9): the recorded calls against `template.yaml`.
//!
//! `calls.json` holds what the functions called in whole releases, written by the names of the template, so that no
//! stack is needed here: it is judged in a deployment on paper. The test `permissions` on the local AWS makes those
//! releases and holds the file against them. `denied` shows the reverse, that the next resource of the same kind is
//! refused; `roles` shows what the machines and the rules may do, `ci` what CI's policy allows, `trusted` who may use roles,
//! queues and topics at all, and `alarms` which alarms and rules may invoke flip; `code` compares the roles with what the code
//! calls, and `parameters` shows what each optional parameter changes.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

mod alarms;
mod ci;
mod code;
mod denied;
mod parameters;
mod roles;
mod trusted;

use iam::facts::Fact;
use iam::policies::SOURCE_FUNCTION;
use iam::reasons::REASONS;
use iam::{Deployed, Policies, Recorded, Report};
use std::sync::LazyLock;

/// The template as it would be deployed, with everything optional.
fn deployed() -> &'static Deployed {
    static DEPLOYED: LazyLock<Deployed> = LazyLock::new(|| Deployed::on_paper(project::template()));
    &DEPLOYED
}

fn policies() -> &'static Policies {
    static POLICIES: LazyLock<Policies> =
        LazyLock::new(|| Policies::of(deployed()).expect("every policy is understood"));
    &POLICIES
}

fn file() -> String {
    project::read("tests/iam/calls.json")
}

#[test]
fn every_recorded_call_is_allowed_and_what_is_allowed_is_called_or_explained() {
    let recorded = Recorded::parse(&file()).expect("calls.json holds calls");
    let calls = recorded
        .expand(deployed())
        .expect("every name is one of the template");
    let report = Report::of(policies(), &calls, &REASONS).expect("every action is known");
    assert!(report.is_clean(), "{report:#?}");
    println!("{report}");
}

#[test]
fn the_file_is_written_as_the_recording_writes_it() {
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
#[test]
fn every_condition_is_about_a_key_that_aws_sends() {
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
