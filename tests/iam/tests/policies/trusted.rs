//! Who may use a role, a queue or a topic: only for this account, and where AWS says for what, for that.

use crate::deployed;
use iam::policies::document;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Resources with a policy, each with a statement of it.
type Trusted = Vec<(&'static str, Value)>;

fn arn(service: &str, resource: &str) -> String {
    deployed().place().arn(service, resource)
}

/// A condition of any of these sources.
fn from(service: &str, kind: &str, names: &[&str]) -> Value {
    let arns = names.iter().map(|it| arn(service, &format!("{kind}{it}")));
    json!({"aws:SourceArn": arns.collect::<Vec<_>>()})
}

/// A statement by which a service may do one thing.
fn trust(service: &str, action: &str, condition: &Value) -> Value {
    let principal = json!({"Service": format!("{service}.amazonaws.com")});
    let mut statement = json!({"Effect": "Allow", "Action": action, "Principal": principal});
    if !condition.is_null() {
        statement["Condition"] = condition.clone();
    }
    statement
}

/// A statement by which these rules of the stack may send to a queue or a topic.
fn by_rules(action: &str, resource: &str, rules: &[&str]) -> Value {
    let condition = json!({"ArnEquals": from("events", "rule/shop-", rules)});
    let mut statement = trust("events", action, &condition);
    let service = action.split(':').next().unwrap_or_default();
    statement["Resource"] = arn(service, resource).into();
    statement
}

/// A statement by which these alarms may publish to a topic.
fn by_alarms(topic: &str, alarms: &[&str]) -> Value {
    let arns = from("cloudwatch", "alarm:", alarms);
    let condition =
        json!({"StringEquals": {"aws:SourceAccount": deployed().account}, "ArnEquals": arns});
    let mut statement = trust("cloudwatch", "sns:Publish", &condition);
    statement["Resource"] = arn("sns", topic).into();
    statement
}

fn roles() -> Trusted {
    let assume = |service: &str, condition: &Value| trust(service, "sts:AssumeRole", condition);
    let here = json!({"aws:SourceAccount": deployed().account});
    let machine = |name: &str| {
        let arn = json!({"aws:SourceArn": arn("states", &format!("stateMachine:shop-{name}"))});
        assume("states", &json!({"StringEquals": here, "ArnLike": arn}))
    };
    let start = json!({"StringEquals": here});
    let mut roles = vec![
        ("ReleaseRole", machine("release")),
        ("CiReleaseRole", machine("ci")),
        ("StartReleaseRole", assume("events", &start)),
        ("WebhookRole", assume("events", &start)),
    ];
    // Lambda takes a role only from a person who may pass it, and does not name the function when it assumes it.
    for role in [
        "DetectRole",
        "DeployRole",
        "SmokeRole",
        "FlipRole",
        "EvaluateMetricsRole",
    ] {
        roles.push((role, assume("lambda", &Value::Null)));
    }
    roles
}

fn queues() -> Trusted {
    let send = |queue: &str, rules: &[&str]| by_rules("sqs:SendMessage", queue, rules);
    let starting = ["ImagePushed", "DriftScheduleRule"];
    let stopped = ["ExecutionStopped", "StoppedSchedule"];
    let letters = send("shop-DeadLetterQueue", &[starting, stopped].concat());
    let always = [
        "NoticesByEvent",
        "PageByEvent",
        "GateByEvent",
        "FlipByItself",
    ];
    let undelivered = [&always[..], &["ChatByEvent", "WebhookByEvent"]].concat();
    let undelivered = send("shop-UndeliveredNotices", &undelivered);
    vec![
        ("DeadLetterQueuePolicy", letters),
        ("UndeliveredNoticesPolicy", undelivered),
    ]
}

fn topics() -> Trusted {
    let tell = |topic: &str, rules: &[&str]| by_rules("sns:Publish", topic, rules);
    let alarms = [
        "shop-blue-5xx",
        "shop-green-5xx",
        "shop-dead-letters",
        "shop-undelivered-notices",
        "checkout errors",
        "team:slow",
    ];
    let notices = ["NoticesByEvent", "GateByEvent", "FlipByItself"];
    let chat = ["ChatByEvent", "GateByEvent", "FlipByItself"];
    let page = by_alarms("shop-Pages", &["shop-dead-letters"]);
    vec![
        ("NoticesPolicy", by_alarms("shop-Notices", &alarms)),
        ("NoticesPolicy", tell("shop-Notices", &notices)),
        ("PagesPolicy", tell("shop-Pages", &["PageByEvent"])),
        ("PagesPolicy", page),
        ("ChatNoticesPolicy", tell("shop-ChatNotices", &chat)),
    ]
}

/// A service that acts for anybody could be made to act for somebody else: the conditions say for whom it must.
#[test]
fn services_act_only_for_resources_of_this_stack() {
    let mut trusted: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (resource, statement) in [roles(), queues(), topics()].into_iter().flatten() {
        trusted.entry(resource).or_default().push(statement);
    }
    for (resource, statements) in &trusted {
        let document = document(deployed(), resource).expect("a policy");
        assert_eq!(document["Statement"], json!(statements), "{resource}");
    }
    let all = with_a_policy();
    assert_eq!(all, trusted.len(), "a policy that nobody checks here");
}

/// EventBridge lets nobody put an event of `aws.ecr`, so only ECR's own ones come, by a rule of that account.
#[test]
fn the_registrys_account_may_tell_what_ecr_says_and_nothing_else() {
    let policy = &deployed().resource("RegistryMayTell").expect("a policy")["Properties"];
    let statement = json!({
        "Effect": "Allow",
        "Action": "events:PutEvents",
        "Principal": {"AWS": "arn:aws:iam::777788889999:root"},
        "Resource": arn("events", "event-bus/default"),
        "Condition": {"StringEquals": {"events:source": "aws.ecr"}},
    });
    let found = deployed().value(&policy["Statement"]).expect("resolved");
    assert_eq!(found, statement);
    // The default bus, which is the one of the rules.
    assert_eq!(policy.get("EventBusName"), None);
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
