//! The tests of `migration.rs`.

use super::*;
use aws_sdk_cloudwatchlogs::operation::get_log_events::GetLogEventsOutput;
use aws_sdk_cloudwatchlogs::types::OutputLogEvent;
use aws_sdk_ecs::operation::describe_task_definition::DescribeTaskDefinitionOutput;
use aws_sdk_ecs::operation::describe_tasks::DescribeTasksOutput;
use aws_sdk_ecs::operation::list_tasks::ListTasksOutput;
use aws_sdk_ecs::types::{Container, LogConfiguration, TaskDefinition};
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::{assert_bounded, mock_client};
use serde_json::{Value, json};

fn task(status: &str, codes: &[(&str, Option<i32>)]) -> Task {
    let containers = codes.iter().map(|(name, code)| {
        let container = Container::builder().name(*name);
        container.set_exit_code(*code).build()
    });
    let task = Task::builder().task_arn("arn:aws:ecs:eu-west-1:1:task/blue/abc");
    let task = task.set_containers(Some(containers.collect()));
    task.last_status(status)
        .stopped_reason("no such image")
        .build()
}

#[test]
fn the_released_containers_exit_code_decides() {
    let check = |task: Task, expect: TaskOutcome| assert_eq!(task_outcome(&task, "api"), expect);
    check(
        task("STOPPED", &[("log-router", Some(137)), ("api", Some(0))]),
        TaskOutcome::Passed,
    );
    let failed = TaskOutcome::Failed("api exited with 3".to_owned());
    check(
        task("STOPPED", &[("log-router", Some(0)), ("api", Some(3))]),
        failed,
    );
    let never = TaskOutcome::Failed("api did not run: no such image".to_owned());
    check(task("STOPPED", &[("api", None)]), never.clone());
    check(task("STOPPED", &[]), never);
    check(task("RUNNING", &[("api", None)]), TaskOutcome::Running);
}

fn api() -> ContainerDefinition {
    let logs = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
    let logs = logs
        .options("awslogs-group", "shop")
        .options("awslogs-stream-prefix", "api");
    let container = ContainerDefinition::builder().name("api");
    let logs = logs.build().expect("logs");
    container.log_configuration(logs).build()
}

#[test]
fn the_log_is_where_the_driver_writes_it() {
    let found = log_stream(&api(), &task("STOPPED", &[]));
    let expect = Log {
        group: "shop".to_owned(),
        stream: "api/api/abc".to_owned(),
    };
    assert_eq!(found, Some(expect));
}

/// The answer about a task that ended with this code, and whose log has this line.
async fn answer(code: i32, line: &'static str) -> Value {
    let listed = mock!(Client::list_tasks)
        .then_output(|| ListTasksOutput::builder().task_arns("task/abc").build());
    let described = mock!(Client::describe_tasks).then_output(move || {
        let mut task = task("STOPPED", &[("api", Some(code))]);
        task.group = Some("migration:r2".to_owned());
        DescribeTasksOutput::builder().tasks(task).build()
    });
    let revision = mock!(Client::describe_task_definition).then_output(|| {
        let revision = TaskDefinition::builder().container_definitions(api());
        let output = DescribeTaskDefinitionOutput::builder();
        output.task_definition(revision.build()).build()
    });
    let ecs = mock_client!(
        aws_sdk_ecs,
        RuleMode::MatchAny,
        [&listed, &described, &revision]
    );
    let events = mock!(Logs::get_log_events).then_output(move || {
        let event = OutputLogEvent::builder().message(line);
        GetLogEventsOutput::builder().events(event.build()).build()
    });
    let logs = mock_client!(aws_sdk_cloudwatchlogs, RuleMode::MatchAny, [&events]);
    let command = ["bin/migrate", "--password=s3cret", "up"].map(str::to_owned);
    let migration = MigrationTask {
        command: command.to_vec(),
        container: "api".to_owned(),
        cluster: "shop-green".to_owned(),
        group: "migration:r2".to_owned(),
        run_task: Default::default(),
    };
    let answer = check_migration(&ecs, &logs, &migration, "arn:task-definition/shop:2", None);
    json!(answer.await.expect("an answer"))
}

#[tokio::test]
async fn a_reason_says_where_the_log_is_and_shows_neither_its_lines_nor_the_commands_words() {
    let line = "cannot reach postgres://ops:s3cret@db\u{1b}[0m\n";
    let failed = answer(3, line).await;
    let reason = "`bin/migrate`: api exited with 3; its log: group shop, stream api/api/abc";
    assert_eq!(failed["reason"], reason);
    assert_eq!(
        failed["log"],
        json!(["cannot reach postgres://ops:s3cret@db [0m"])
    );
    let passed = answer(0, line).await;
    assert_eq!(passed["reason"], "`bin/migrate` exited with 0");
    for answer in [failed, passed] {
        assert_bounded(&answer);
    }
}

#[test]
fn the_program_is_the_commands_first_word() {
    let program =
        |words: &[&str]| program(&words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
    assert_eq!(program(&["bin/migrate", "up"]), "bin/migrate");
    assert_eq!(program(&[" ", "bin/migrate --key=s3cret"]), "bin/migrate");
}
