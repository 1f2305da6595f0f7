//! Whose command runs: a request's own only where the stack lets it, and then whoever reads of it knows.

use super::asking::{ask_for, context, plan_of, previewed, writes};
use super::contracts::{contract, contracting, expanded};
use super::previews::unreachable;
use super::records::{ME, held_by, newest};
use super::registry::images;
use crate::claim::{CommandsFrom, Context};
use crate::request::MigrationStep;
use crate::task::Answer;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::Rule;
use record::Record;
use serde_json::{Value, json};

fn release() -> Value {
    json!({"tag": "v1.1.0", "migration": {"command": ["bin/migrate", "up"], "sql": "SELECT 1"}})
}

/// Both commands of the stack are this program.
fn stacks_own(record: Record, write: &Rule, program: &str) -> Context {
    let step = |word: &str| MigrationStep {
        command: vec![program.to_owned(), word.to_owned()],
        sql: None,
    };
    let mut context = context(record, write, &images(1), Running);
    context.migrations.commands_from = CommandsFrom::Stack;
    context.migrations.standing = Some(step("up"));
    context.migrations.contract = Some(step("contract"));
    context
}

async fn refused(context: &Context, request: &Value, expect: &str) {
    for request in [request.clone(), plan_of(request)] {
        let answer = json!(ask_for(context, request).await);
        let refuses = answer["decision"] == "refuse" || answer["would"] == "refuse";
        assert!(refuses, "{answer}");
        let reason = answer["reason"].as_str().expect("a reason");
        assert!(reason.contains(expect), "{reason}");
    }
}

#[tokio::test]
async fn a_command_of_a_request_is_refused_by_the_parameter_before_any_call_to_aws() {
    for (from, expect) in [
        (
            CommandsFrom::Stack,
            "commands come from the stack only (parameter CommandsFrom = stack). Leave it out",
        ),
        (
            CommandsFrom::Nobody,
            "no command may run (parameter CommandsFrom = nobody). Leave it out",
        ),
    ] {
        let mut context = unreachable();
        context.migrations.commands_from = from;
        for request in [release(), contract()] {
            refused(&context, &request, expect).await;
        }
    }
}

#[tokio::test]
async fn a_contract_step_without_any_command_is_refused_with_what_to_set() {
    for (from, expect) in [
        (
            CommandsFrom::Nobody,
            "Set CommandsFrom to stack, and ContractCommand",
        ),
        (CommandsFrom::Stack, "Set ContractCommand."),
        (
            CommandsFrom::Request,
            "Name it in the request, or set ContractCommand.",
        ),
    ] {
        let mut context = unreachable();
        context.migrations.commands_from = from;
        refused(&context, &json!({"action": "contract"}), expect).await;
    }
}

#[tokio::test]
async fn a_command_of_the_stack_runs_and_nothing_is_said_of_a_request() {
    let write = writes();
    let context = stacks_own(newest(), &write, "bin/ours");
    let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
    let Answer::Release { plan, reason, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    let migration = plan.migration.expect("a migration");
    assert_eq!(migration.command, ["bin/ours", "up"]);
    assert_eq!(reason, "host/shop@sha256:new from blue to green");

    let context = stacks_own(expanded(2), &write, "bin/ours");
    let answer = ask_for(&context, json!({"action": "contract"})).await;
    let Answer::Contract {
        migration, reason, ..
    } = answer
    else {
        panic!("no contract: {answer:?}")
    };
    assert_eq!(migration.command, ["bin/ours", "contract"]);
    assert!(!reason.contains("command"), "{reason}");
}

#[tokio::test]
async fn a_command_of_the_request_beats_the_stacks_and_is_named_but_not_its_sql() {
    let write = writes();
    for (record, request, says) in [
        (newest(), release(), "bin/migrate up"),
        (expanded(2), contract(), "bin/migrate contract"),
    ] {
        let mut context = stacks_own(record, &write, "bin/ours");
        context.migrations.commands_from = CommandsFrom::Request;
        let answer = json!(ask_for(&context, request.clone()).await);
        let reason = answer["reason"].as_str().expect("a reason");
        let expect = format!("; runs a command of the request: {says}");
        assert!(reason.ends_with(&expect), "{reason}");
        let plan = json!(ask_for(&context, plan_of(&request)).await);
        let planned = plan["reason"].as_str().expect("a reason");
        assert!(planned.contains(&expect), "{planned}");
        for text in [reason, planned] {
            assert!(!text.contains("SELECT") && !text.contains("DROP"), "{text}");
        }
    }
}

/// The stack got a command after an earlier try had claimed the record, and that try's answer was lost.
#[tokio::test]
async fn a_release_that_was_claimed_without_a_migration_never_runs_one_that_the_stack_got_later() {
    let write = writes();
    let context = stacks_own(held_by(ME), &write, "bin/ours");
    let answer = json!(ask_for(&context, json!({"tag": "v1.1.0"})).await);
    assert_eq!(answer["decision"], "refuse", "{answer}");
    let reason = answer["reason"].as_str().expect("a reason");
    let expect = "the release was to run no migration when it claimed the record, and would run a migration now";
    assert!(reason.contains(expect), "{reason}");
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn a_contract_step_that_has_begun_never_runs_another_command_that_the_stack_got_later() {
    let write = writes();
    for (requested, decision) in [("bin/ours", "contract"), ("bin/theirs", "refuse")] {
        let mut record = contracting();
        let begun = record.contract.as_mut().expect("a contract step");
        begun.command = Some(vec![requested.to_owned(), "contract".to_owned()]);
        let context = stacks_own(record, &write, "bin/ours");
        let answer = json!(ask_for(&context, json!({"action": "contract"})).await);
        assert_eq!(answer["decision"], decision, "{answer}");
        let reason = answer["reason"].as_str().expect("a reason");
        let changed =
            "changed from `bin/theirs contract` to `bin/ours contract` after it was requested";
        assert_eq!(reason.contains(changed), decision == "refuse", "{reason}");
    }
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn a_long_command_is_named_shortly_and_on_one_line() {
    let long = json!(["bin/migrate", "line\nbreak", "x".repeat(6000)]);
    let request = json!({"tag": "v1.1.0", "migration": {"command": long}});
    let (_, reason, ..) = previewed(newest(), request).await;
    assert!(
        reason.contains("request: bin/migrate line break xxx"),
        "{reason}"
    );
    assert!(reason.len() < 600, "{}", reason.len());
}
