//! Who may use a role, or reach a function or the queue: only for this account, and where AWS says for what, for that.

use crate::deployed;
use iam::Need;
use iam::policies::{allows, document, statements};
use iam::report::too_wide;
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

fn arn(service: &str, resource: &str) -> String {
    deployed().place().arn(service, resource)
}

/// What a role may do: everything of `right`, nothing of `wrong`, and nothing wider than AWS makes it.
fn check(role: &str, action: &str, right: &[String], wrong: &[String]) {
    let statements = statements(deployed(), role).expect("every policy is understood");
    let may = |resource: &String| allows(&statements, &Need::new(action, [resource.clone()]));
    for right in right {
        assert_eq!(may(right), Ok(()), "{role}");
    }
    for wrong in wrong {
        assert!(may(wrong).is_err(), "{role} may {action} on {wrong}");
    }
    for statement in statements {
        assert_eq!(
            too_wide(&statement).expect("known actions"),
            [""; 0],
            "{role}"
        );
    }
}

#[test]
fn the_machine_invokes_the_functions_and_nothing_else() {
    let function = |name: &str| arn("lambda", &format!("function:{name}"));
    let own = ["Detect", "Deploy", "Smoke", "Flip", "EvaluateMetrics"];
    let own = own.map(|name| function(&format!("shop-{name}")));
    let others = ["shop-Flip2", "other", "shop-Flip:1", "*"].map(function);
    check("ReleaseRole", "lambda:InvokeFunction", &own, &others);
    let machines = [arn("states", "stateMachine:shop-release")];
    check("ReleaseRole", "states:StartExecution", &[], &machines);
    let topics = ["shop-Notices2", "other", "*"].map(|name| arn("sns", name));
    check(
        "ReleaseRole",
        "sns:Publish",
        &[arn("sns", "shop-Notices")],
        &topics,
    );
}

#[test]
fn a_migration_runs_in_these_clusters_with_these_roles() {
    let statements = statements(deployed(), "ReleaseRole").expect("every policy is understood");
    let may = |need: Need| allows(&statements, &need).is_ok();
    let run = || Need::new("ecs:RunTask", [arn("ecs", "task-definition/api:1")]);
    for (cluster, expect) in [("shop-blue", true), ("shop-green", true), ("other", false)] {
        let cluster = arn("ecs", &format!("cluster/{cluster}"));
        assert_eq!(
            may(run().with("ecs:cluster", &cluster)),
            expect,
            "{cluster}"
        );
    }
    assert!(!may(run()));
    let pass = |role: &str, service: &str| {
        let need = Need::new(
            "iam:PassRole",
            [format!("arn:aws:iam::{ACCOUNT}:role/{role}")],
        );
        may(need.with("iam:PassedToService", service))
    };
    // A volume's role is passed to ECS itself (ECS developer guide, infrastructure role), the others to the tasks.
    for service in ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"] {
        assert!(
            pass("api-task", service) && !pass("other", service),
            "{service}"
        );
    }
    assert!(!pass("api-task", "ec2.amazonaws.com") && !pass("api-task", "*"));
    for action in ["ecs:StopTask", "ecs:DescribeTasks"] {
        let task = |name: &str| may(Need::new(action, [arn("ecs", name)]));
        assert!(
            task("task/shop-blue/1") && !task("task/other/1"),
            "{action}"
        );
    }
}

#[test]
fn the_trigger_starts_the_machine_and_nothing_else() {
    let machine = |name: &str| arn("states", &format!("stateMachine:{name}"));
    let others = ["other-release", "shop-release2", "*"].map(machine);
    check(
        "StartReleaseRole",
        "states:StartExecution",
        &[machine("shop-release")],
        &others,
    );
    check(
        "StartReleaseRole",
        "lambda:InvokeFunction",
        &[],
        &[arn("lambda", "function:shop-Flip")],
    );
}

/// A statement by which a service may do one thing.
fn trust(service: &str, action: &str, condition: &Value) -> Value {
    let mut statement =
        json!({"Effect": "Allow", "Action": action, "Principal": {"Service": service}});
    if !condition.is_null() {
        statement["Condition"] = condition.clone();
    }
    statement
}

/// Whom each policy of the template trusts, with its condition.
fn trusted() -> Vec<(&'static str, Value)> {
    let here = json!({"aws:SourceAccount": ACCOUNT});
    let machine = json!({"aws:SourceArn": arn("states", "stateMachine:shop-release")});
    let assume = |service: &str, condition: &Value| trust(service, "sts:AssumeRole", condition);
    let rules = [
        "rule/shop-ImagePushed",
        "rule/shop-DriftScheduleRule",
        "rule/shop-ExecutionStopped",
        "rule/shop-StoppedSchedule",
    ];
    let rules = json!({"aws:SourceArn": rules.map(|it| arn("events", it))});
    let deliver = json!({"ArnEquals": rules});
    let mut letter = trust("events.amazonaws.com", "sqs:SendMessage", &deliver);
    letter["Resource"] = arn("sqs", "shop-DeadLetterQueue").into();
    // A flip back after the release has ended is seen by nobody, unless its alarm publishes the notice.
    let alarms = [
        "shop-blue-5xx",
        "shop-green-5xx",
        "shop-dead-letters",
        "checkout errors",
        "team:slow",
    ];
    let alarms = alarms.map(|it| arn("cloudwatch", &format!("alarm:{it}")));
    let notify = json!({"StringEquals": here, "ArnEquals": {"aws:SourceArn": alarms}});
    let mut notice = trust("cloudwatch.amazonaws.com", "sns:Publish", &notify);
    notice["Resource"] = arn("sns", "shop-Notices").into();
    let release = json!({"StringEquals": here, "ArnLike": machine});
    let start = json!({"StringEquals": here});
    let mut trusted = vec![
        ("ReleaseRole", assume("states.amazonaws.com", &release)),
        ("StartReleaseRole", assume("events.amazonaws.com", &start)),
        ("DeadLetterQueuePolicy", letter),
        ("NoticesPolicy", notice),
    ];
    // Lambda takes a role only from a person who may pass it, and does not name the function when it assumes it.
    for role in [
        "DetectRole",
        "DeployRole",
        "SmokeRole",
        "FlipRole",
        "EvaluateMetricsRole",
    ] {
        trusted.push((role, assume("lambda.amazonaws.com", &Value::Null)));
    }
    trusted
}

/// A service that acts for anybody could be made to act for somebody else: the conditions say for whom it must.
#[test]
fn services_act_only_for_resources_of_this_stack() {
    let trusted = trusted();
    for (resource, statement) in &trusted {
        let document = document(deployed(), resource).expect("a policy");
        assert_eq!(document["Statement"], json!([statement]), "{resource}");
    }
    let all = with_a_policy();
    assert_eq!(all, trusted.len(), "a policy that nobody checks here");
}

/// How many resources have a policy that trusts somebody.
fn with_a_policy() -> usize {
    let deployed = deployed();
    let resources = deployed.template["Resources"]
        .as_object()
        .expect("resources");
    let trusting = resources
        .keys()
        .filter(|name| document(deployed, name).is_ok());
    trusting.count()
}
