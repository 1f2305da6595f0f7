//! Asks detect for anything, and says how often it wrote.

use super::aws::{PREVIEW_LISTENERS, observer};
use super::executions::executions;
use super::records::ME;
use super::registry::images;
use crate::claim::{CommandsFrom, Context, MigrationPolicy};
use crate::decisions::DecisionPolicy;
use crate::handler::handle;
use crate::preflight::PreflightPolicy;
use crate::request::{TagPolicy, TrafficPolicy};
use crate::task::{Answer, PreviewedAction};
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_sfn::types::ExecutionStatus::{self, Running};
use aws_smithy_mocks::{Rule, RuleMode, mock};
use fixtures::mock_client;
use record::{Record, Store, Time};
use serde_json::{Value, json};
use shared::{MigrationTask, VerdictMode, WhenStopped};

pub fn writes() -> Rule {
    mock!(aws_sdk_dynamodb::Client::transact_write_items)
        .then_output(|| TransactWriteItemsOutput::builder().build())
}

/// The table holds `record`, and whoever holds that one is in the state `holder`.
pub fn context(record: Record, write: &Rule, image: &Rule, holder: ExecutionStatus) -> Context {
    let item = serde_dynamo::aws_sdk_dynamodb_1::to_item(&record).expect("an item");
    let read = mock!(aws_sdk_dynamodb::Client::get_item).then_output(move || {
        let output = GetItemOutput::builder();
        output.set_item(Some(item.clone())).build()
    });
    let table = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&read, write]);
    Context {
        store: Store::new(table, "releases".to_owned(), "shop".to_owned()),
        sfn: executions(holder),
        observer: observer(image),
        preflight: PreflightPolicy {
            preview_rules: PREVIEW_LISTENERS.map(str::to_owned).to_vec(),
            ..PreflightPolicy::default()
        },
        migrations: MigrationPolicy {
            dialect: migrations::Dialect::Sqlite,
            commands_from: CommandsFrom::Request,
            standing: None,
            contract: None,
            stable_releases_before_contract: 2,
        },
        tags: TagPolicy::default(),
        traffic: TrafficPolicy {
            parameter: None,
            watch_seconds: 120,
            grace_seconds: 180,
            mode: VerdictMode::Decide,
        },
        when_stopped: WhenStopped::FlipBack,
        decisions: DecisionPolicy {
            poll_seconds: 15,
            ..DecisionPolicy::default()
        },
    }
}

pub async fn ask(record: Record, write: &Rule, image: &Rule, holder: ExecutionStatus) -> Answer {
    let context = context(record, write, image, holder);
    ask_for(&context, json!({"tag": "v1.1.0"})).await
}

pub async fn ask_for(context: &Context, request: Value) -> Answer {
    handle(context, detect_task(request))
        .await
        .expect("an answer")
}

/// Asks by an execution that started then.
pub async fn ask_since(context: &Context, request: Value, since: Time) -> Answer {
    let mut task = detect_task(request);
    task["execution"]["startTime"] = json!(since);
    handle(context, task).await.expect("an answer")
}

/// Asks again, once the steps were found judgeable.
pub async fn ask_checked(context: &Context, request: Value) -> Answer {
    let mut task = detect_task(request);
    task["trafficChecked"] = json!(true);
    handle(context, task).await.expect("an answer")
}

pub fn detect_task(request: Value) -> Value {
    task(ME, json!({"action": "detect", "request": request}))
}

/// A task of this execution.
pub fn task(execution: &str, mut task: Value) -> Value {
    let name = execution.rsplit(':').next();
    task["execution"] = json!({"id": execution, "name": name, "startTime": "2026-11-23T12:00:00Z",
        "heeds": true});
    task
}

pub fn plan_of(request: &Value) -> Value {
    json!({"action": "plan", "request": request})
}

/// The answer, and how many writes it took.
pub async fn answered(record: Record, holder: ExecutionStatus, request: Value) -> (Answer, usize) {
    let write = writes();
    let context = context(record, &write, &images(1), holder);
    (ask_for(&context, request).await, write.num_calls())
}

/// What a preview says would be done, once it is sure that the preview wrote nothing.
pub async fn previewed(
    record: Record,
    request: Value,
) -> (PreviewedAction, String, bool, Option<MigrationTask>) {
    let (answer, writes) = answered(record, Running, plan_of(&request)).await;
    assert_eq!(writes, 0, "{request}");
    let Answer::Preview {
        would,
        reason,
        plan,
        migration,
        ..
    } = answer
    else {
        panic!("no preview of {request}: {answer:?}")
    };
    (would, reason, plan.is_some(), migration)
}

pub async fn refused(record: Record, holder: ExecutionStatus, request: Value, expect: &str) {
    let (answer, writes) = answered(record, holder, request).await;
    let Answer::Refuse { reason, .. } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.as_str().contains(expect), "{expect}: {reason}");
    assert_eq!(writes, 0, "{reason}");
}
