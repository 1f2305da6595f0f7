//! For each function: what it may do on the right resource, and that the same on the next one is refused.
//!
//! The resources are those of the deployment on paper (`Deployed::on_paper`).

mod changing;
mod reading;

use crate::{deployed, policies};
use iam::Need;

const RULE: &str = "listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/";

/// The account of the images on paper.
const REGISTRY: &str = "777788889999";

/// An ARN of the deployment's own Region and account; images are in the registry's.
fn arn(service: &str, resource: &str) -> String {
    let arn = deployed().place().arn(service, resource);
    match service {
        "ecr" => arn.replace(&deployed().account, REGISTRY),
        _ => arn,
    }
}

fn may(function: &str, need: &Need) -> bool {
    policies().allows(function, need).is_ok()
}

/// Allowed on `right`, and refused on each of `wrong` and on the same name in another account or Region.
fn only(function: &str, action: &str, right: &str, wrong: &[&str]) {
    let service = action.split(':').next().unwrap_or_default();
    let right = arn(service, right);
    let on = |resource: String| may(function, &Need::new(action, [resource]));
    assert!(on(right.clone()), "{function} may not {action} on {right}");
    let account = right.split(':').nth(4).expect("an account");
    let elsewhere = [(account, "444455556666"), ("eu-west-1", "eu-west-2")];
    let elsewhere = elsewhere.map(|(here, there)| right.replace(here, there));
    let wrong = wrong.iter().map(|it| arn(service, it));
    for wrong in wrong.chain(elsewhere).chain(["*".to_owned()]) {
        assert!(!on(wrong.clone()), "{function} may {action} on {wrong}");
    }
}

/// Allowed with the key's value, and refused with each of `wrong`, or without the key.
fn only_with(function: &str, need: &Need, key: &str, value: &str, wrong: &[&str]) {
    let with = |value: &str| need.clone().with(key, value);
    assert!(may(function, &with(value)), "{function} {need:?} {value}");
    assert!(!may(function, need), "{function} {need:?} without {key}");
    for wrong in wrong {
        assert!(!may(function, &with(wrong)), "{function} {need:?} {wrong}");
    }
}

/// Refused even on the resources that the function may use otherwise.
fn never(function: &str, requests: &[(&str, &str)]) {
    for (action, resource) in requests {
        let service = action.split(':').next().unwrap_or_default();
        for resource in [arn(service, resource), "*".to_owned()] {
            let need = Need::new(action, [resource]);
            assert!(!may(function, &need), "{function} may {need:?}");
        }
    }
}

fn tasks_of_these_clusters(function: &str) {
    let tasks = ["task/shop/1", "task/shop-blue2/1", "task/other/1"];
    only(function, "ecs:DescribeTasks", "task/shop-blue/1", &tasks);
    only(function, "ecs:DescribeTasks", "task/shop-green/1", &tasks);
    let list = Need::new("ecs:ListTasks", ["*".to_owned()]);
    let wrong = [
        arn("ecs", "cluster/other"),
        arn("ecs", "cluster/shop-blue2"),
    ];
    let wrong: Vec<_> = wrong.iter().map(String::as_str).collect();
    for cluster in ["cluster/shop-blue", "cluster/shop-green"] {
        only_with(function, &list, "ecs:cluster", &arn("ecs", cluster), &wrong);
    }
}

fn the_record(function: &str) {
    let wrong = [
        "table/other",
        "table/shop-Records2",
        "table/shop-Records/index/all",
    ];
    for action in ["dynamodb:GetItem", "dynamodb:PutItem"] {
        only(function, action, "table/shop-Records", &wrong);
    }
    let table = "table/shop-Records";
    never(
        function,
        &["DeleteItem", "UpdateItem", "Scan", "DeleteTable"]
            .map(|it| format!("dynamodb:{it}"))
            .each_ref()
            .map(|it| (it.as_str(), table)),
    );
}

/// The executions of this machine, and of no other.
fn executions(function: &str, action: &str) {
    let wrong = [
        "execution:other-release:1",
        "execution:shop-release2:1",
        "stateMachine:shop-release",
    ];
    only(function, action, "execution:shop-release:1", &wrong);
}

/// No token of a task stands anywhere: people's words come as requests.
#[test]
fn nobody_answers_for_a_task() {
    for function in policies().functions() {
        never(
            function,
            &[
                ("states:SendTaskSuccess", "stateMachine:shop-release"),
                ("states:SendTaskFailure", "stateMachine:shop-release"),
                ("states:SendTaskHeartbeat", "stateMachine:shop-release"),
                ("states:RedriveExecution", "execution:shop-release:1"),
            ],
        );
    }
}

/// Services beside ours: of another name in our cluster, and of our name in another cluster.
const SERVICES: [&str; 3] = [
    "service/shop-blue/other",
    "service/other/api",
    "service/shop-blue/api2",
];
