//! The tests of `migration.rs`.

use super::*;
use aws_sdk_ecs::types::{Container, LogConfiguration};

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

#[test]
fn the_log_is_where_the_driver_writes_it() {
    let logs = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
    let logs = logs
        .options("awslogs-group", "shop")
        .options("awslogs-stream-prefix", "api");
    let container = ContainerDefinition::builder().name("api");
    let container = container
        .log_configuration(logs.build().expect("logs"))
        .build();
    let found = log_stream(&container, &task("STOPPED", &[]));
    assert_eq!(found, Some(("shop".to_owned(), "api/api/abc".to_owned())));
}
