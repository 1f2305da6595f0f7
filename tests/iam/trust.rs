//! Who may use a role, or reach a function or the queue: only for this account, and where AWS says for what, for that.

use crate::deployed;
use rehearsal::iam::Need;
use rehearsal::iam::policies::{allows, document, statements};
use rehearsal::iam::report::too_wide;
use serde_json::{Value, json};

const ACCOUNT: &str = "111122223333";

fn arn(service: &str, resource: &str) -> String {
    deployed().place().arn(service, resource)
}

/// What a role may do: everything of `right`, nothing of `wrong`, and nothing wider than AWS makes it.
fn check(role: &str, action: &str, right: &[String], wrong: &[String]) {
    let statements = statements(&deployed(), role).expect("every policy is understood");
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

pub fn machine() {
    let function = |name: &str| arn("lambda", &format!("function:{name}"));
    let own = ["Detect", "Deploy", "Smoke", "Flip", "EvaluateMetrics"];
    let own = own.map(|name| function(&format!("shop-{name}")));
    let others = ["shop-Flip2", "other", "shop-Flip:1", "*"].map(function);
    check("ReleaseRole", "lambda:InvokeFunction", &own, &others);
    let machines = [arn("states", "stateMachine:shop-release")];
    check("ReleaseRole", "states:StartExecution", &[], &machines);
    migrations();
    let topics = ["shop-Notices2", "other", "*"].map(|name| arn("sns", name));
    check(
        "ReleaseRole",
        "sns:Publish",
        &[arn("sns", "shop-Notices")],
        &topics,
    );
}

/// A migration's task runs in these clusters with these roles only.
fn migrations() {
    let statements = statements(&deployed(), "ReleaseRole").expect("every policy is understood");
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
    let pass = |role: &str| {
        let need = Need::new(
            "iam:PassRole",
            [format!("arn:aws:iam::{ACCOUNT}:role/{role}")],
        );
        may(need.with("iam:PassedToService", "ecs-tasks.amazonaws.com"))
    };
    assert!(pass("api-task") && !pass("other"));
    for action in ["ecs:StopTask", "ecs:DescribeTasks"] {
        let task = |name: &str| may(Need::new(action, [arn("ecs", name)]));
        assert!(
            task("task/shop-blue/1") && !task("task/other/1"),
            "{action}"
        );
    }
}

pub fn trigger() {
    let machine = |name: &str| arn("states", &format!("stateMachine:{name}"));
    let others = ["other-release", "shop-release2", "*"].map(machine);
    check(
        "ImagePushedRole",
        "states:StartExecution",
        &[machine("shop-release")],
        &others,
    );
    check(
        "ImagePushedRole",
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

/// A service that acts for anybody could be made to act for somebody else: the conditions say for whom it must.
pub fn deputies() {
    let assume = "sts:AssumeRole";
    let here = json!({"aws:SourceAccount": ACCOUNT});
    let machine = json!({"aws:SourceArn": arn("states", "stateMachine:shop-release")});
    let rules = ["rule/shop-ImagePushed", "rule/shop-DriftLookedFor"];
    let rule = json!({"aws:SourceArn": rules.map(|it| arn("events", it))});
    let mut letter = trust(
        "events.amazonaws.com",
        "sqs:SendMessage",
        &json!({"ArnEquals": rule}),
    );
    letter["Resource"] = arn("sqs", "shop-UndeliveredEvents").into();
    let mut notice = trust(
        "cloudwatch.amazonaws.com",
        "sns:Publish",
        &json!({"StringEquals": here,
            "ArnLike": {"aws:SourceArn": arn("cloudwatch", "alarm:shop-*")}}),
    );
    notice["Resource"] = arn("sns", "shop-Notices").into();
    let release = json!({"StringEquals": here, "ArnLike": machine});
    let mut expected = vec![
        (
            "ReleaseRole",
            trust("states.amazonaws.com", assume, &release),
        ),
        (
            "ImagePushedRole",
            trust(
                "events.amazonaws.com",
                assume,
                &json!({"StringEquals": here}),
            ),
        ),
        ("UndeliveredEventsPolicy", letter),
        ("NoticesPolicy", notice),
    ];
    // Lambda takes a role only from a person who may pass it, and says nothing of the function when it assumes it.
    for role in [
        "DetectRole",
        "DeployRole",
        "SmokeRole",
        "FlipRole",
        "EvaluateMetricsRole",
    ] {
        expected.push((role, trust("lambda.amazonaws.com", assume, &Value::Null)));
    }
    for (resource, statement) in &expected {
        let document = document(&deployed(), resource).expect("a policy");
        assert_eq!(document["Statement"], json!([statement]), "{resource}");
    }
    assert_eq!(
        with_a_policy(),
        expected.len(),
        "a policy that nobody checks here"
    );
    alarms();
}

/// How many resources have a policy that trusts somebody.
fn with_a_policy() -> usize {
    let deployed = deployed();
    let resources = deployed.template["Resources"]
        .as_object()
        .expect("resources");
    let trusting = resources
        .keys()
        .filter(|name| document(&deployed, name).is_ok());
    trusting.count()
}

/// Alarms of this account whose names begin with the stack's may invoke flip, and nobody else.
fn alarms() {
    let deployed = deployed();
    let resources = deployed.template["Resources"]
        .as_object()
        .expect("resources");
    let permission = |it: &&Value| it["Type"] == "AWS::Lambda::Permission";
    let found: Vec<_> = resources.values().filter(permission).collect();
    let [permission] = found.as_slice() else {
        panic!("expected one permission, found {found:?}")
    };
    let found = deployed.value(&permission["Properties"]).expect("resolved");
    let expect = json!({
        "FunctionName": "shop-Flip",
        "Action": "lambda:InvokeFunction",
        "Principal": "lambda.alarms.cloudwatch.amazonaws.com",
        "SourceAccount": ACCOUNT,
        "SourceArn": arn("cloudwatch", "alarm:shop-*"),
    });
    assert_eq!(found, expect);
}
