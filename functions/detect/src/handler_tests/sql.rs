//! What is to be known of the SQL of a request, at detect's edge.

use super::asking::{answered, ask_for, context, plan_of, writes};
use super::contracts::expanded;
use super::previews::unreachable;
use super::records::newest;
use super::registry::images;
use crate::preflight::Severity;
use crate::task::Answer;
use aws_sdk_sfn::types::ExecutionStatus::Running;
use serde_json::{Value, json};

/// It makes everybody wait, and drops what nobody reads.
const SQL: &str =
    "REINDEX orders;\n-- lint-migration: ignore drop: nobody reads it\nDROP TABLE notes";

fn release() -> Value {
    json!({"tag": "v1.1.0", "migration": {"command": ["bin/migrate"], "sql": SQL}})
}

fn contract() -> Value {
    json!({"action": "contract", "command": ["bin/migrate"], "sql": "VACUUM"})
}

fn says(warnings: &[String], expect: &str) {
    let mut warnings = warnings.iter();
    assert!(
        warnings.any(|it| it.starts_with(expect)),
        "{expect}: {warnings:?}"
    );
}

#[tokio::test]
async fn a_release_warns_of_locks_and_of_what_comments_let_pass() {
    let (answer, _) = answered(newest(), Running, release()).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    says(
        &plan.warnings,
        "migration-locks: line 1: lock[block-writes]: REINDEX orders: ",
    );
    let ignored = "migration-ignored: nobody reads it: line 3: danger[drop]: DROP TABLE notes: ";
    says(&plan.warnings, ignored);
}

#[tokio::test]
async fn a_contract_step_warns_of_locks_as_its_preview_does() {
    let (answer, _) = answered(expanded(2), Running, contract()).await;
    let seen = json!(answer);
    let Answer::Contract { warnings, .. } = &answer else {
        panic!("no contract: {answer:?}")
    };
    says(
        warnings,
        "migration-locks: line 1: lock[block-all]: VACUUM: ",
    );
    assert_eq!(seen["findings"], Value::Null);
    let (planned, writes) = answered(expanded(2), Running, plan_of(&contract())).await;
    let Answer::Preview { findings, .. } = planned else {
        panic!("no preview: {planned:?}")
    };
    assert_eq!(writes, 0);
    assert_eq!(findings.len(), 1, "{findings:?}");
    let lock = (findings[0].name, findings[0].severity);
    assert_eq!(lock, ("migration-locks", Severity::Warning));
}

#[tokio::test]
async fn a_contract_step_fits_however_much_is_said_of_its_sql() {
    let ignored = format!(
        "-- lint-migration: ignore block-all: {}\nVACUUM;\n",
        "🚀".repeat(90)
    );
    let sql = "REINDEX a;\n".repeat(2_000) + &ignored.repeat(90);
    let request = json!({"action": "contract", "command": ["bin/migrate"], "sql": sql});
    for request in [plan_of(&request), request] {
        let (answer, _) = answered(expanded(2), Running, request).await;
        let text = json!(answer).to_string();
        assert!(
            text.contains("and 1990 more") && text.contains("🚀"),
            "{text}"
        );
        fixtures::assert_bounded(&json!(answer));
    }
}

#[tokio::test]
async fn a_lock_refuses_where_its_warning_is_to_refuse() {
    let write = writes();
    let mut release_context = context(newest(), &write, &images(1), Running);
    // A contract step is refused before anything is read.
    let mut contract_context = unreachable();
    for (context, request) in [
        (&mut release_context, release()),
        (&mut contract_context, contract()),
    ] {
        context.preflight.refuse_on_warnings = vec!["migration-locks".to_owned()];
        let answer = ask_for(context, request).await;
        let Answer::Refuse { reason, .. } = answer else {
            panic!("not refused: {answer:?}")
        };
        let begins = "migration-locks: line 1: ";
        assert!(reason.as_str().starts_with(begins), "{reason}");
    }
    assert_eq!(write.num_calls(), 0);
}
