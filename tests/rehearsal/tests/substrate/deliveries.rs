//! What a rule makes of an event, and who gets it.

use crate::NO_FUNCTIONS;
use anyhow::{Context, Result, ensure};
use rehearsal::aws::{Aws, plain};
use rehearsal::server::Server;
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A message is there within a second, on a busy machine later.
pub const DELIVERED_WITHIN: Duration = Duration::from_secs(120);

/// Two lines of text.
const LINES: &str = "\"<what> by <who>\"\n\"<gone>.\"";

/// JSON, with a path that may be missing outside of quotes.
const OBJECT: &str = r#"{"what": "<what>", "who": <who>, "all": <all>}"#;

fn arn(resource: &str) -> Value {
    json!({"Fn::GetAtt": [resource, "Arn"]})
}

/// A rule for every event of ours, with one target and its dead letters.
fn rule(target: &Value, template: &str) -> Value {
    let paths = json!({"what": "$.detail.what", "who": "$.detail.who", "gone": "$.detail.gone.by", "all": "$.detail"});
    let target = json!({"Id": "it", "Arn": target, "DeadLetterConfig": {"Arn": arn("Dead")},
        "InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}});
    let properties = json!({"EventPattern": {"source": ["test"]}, "Targets": [target]});
    json!({"Type": "AWS::Events::Rule", "Properties": properties})
}

/// A statement that lets rules do this to a resource.
fn statement(action: &str, resource: &Value, rules: &[&str]) -> Value {
    let rules: Vec<Value> = rules.iter().map(|name| arn(name)).collect();
    json!({"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": action, "Resource": resource,
        "Condition": {"ArnEquals": {"aws:SourceArn": rules}}})
}

/// What lets rules reach a queue.
fn policy(queue: &str, rules: &[&str]) -> Value {
    let statement = statement("sqs:SendMessage", &arn(queue), rules);
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    json!({"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [{"Ref": queue}], "PolicyDocument": document}})
}

/// What lets one of two rules publish to the topic. The other one may do something else to it, and publish elsewhere.
fn topic_policy() -> Value {
    let (topic, stranger) = (json!({"Ref": "Topic"}), ["Stranger"]);
    let statements = [
        statement("SNS:Publish", &topic, &["ToTopic"]),
        statement("sns:Subscribe", &topic, &stranger),
        statement("sns:*", &json!("arn:aws:sns:*:*:other"), &stranger),
    ];
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    json!({"Type": "AWS::SNS::TopicPolicy", "Properties": {"Topics": [topic], "PolicyDocument": document}})
}

/// A queue for each rule, a topic with a queue behind it, and the dead letters of all.
pub fn template() -> Value {
    let queue = json!({"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 43200}});
    let topic = json!({"Ref": "Topic"});
    let subscription = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn("Mail")});
    let mut outputs = json!({});
    for name in ["Text", "Json", "Mail", "Dead"] {
        outputs[name] = json!({"Value": {"Ref": name}});
    }
    json!({
        "Resources": {
            "Text": queue, "Json": queue, "Mail": queue, "Dead": queue,
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
            "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": subscription},
            "ToText": rule(&arn("Text"), LINES), "TextPolicy": policy("Text", &["ToText"]),
            "ToJson": rule(&arn("Json"), OBJECT), "JsonPolicy": policy("Json", &["ToJson"]),
            "ToTopic": rule(&topic, LINES), "Stranger": rule(&topic, LINES),
            "TopicPolicy": topic_policy(),
            "DeadPolicy": policy("Dead", &["ToText", "ToJson", "ToTopic", "Stranger"]),
        },
        "Outputs": outputs,
    })
}

/// Waits for so many messages, and gives their bodies.
pub async fn received(aws: &Aws, queue: &str, messages: usize) -> Result<Vec<String>> {
    let (began, mut bodies) = (Instant::now(), Vec::new());
    while bodies.len() < messages {
        let input = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
        let answer: Value = plain::json(aws, "sqs", "AmazonSQS.ReceiveMessage", &input).await?;
        let found = answer["Messages"].as_array().into_iter().flatten();
        bodies.extend(found.filter_map(|it| Some(it["Body"].as_str()?.to_owned())));
        ensure!(began.elapsed() < DELIVERED_WITHIN, "found only {bodies:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(bodies)
}

/// Puts entries, and gives the answer.
pub async fn put(aws: &Aws, entries: Value) -> Result<Value> {
    plain::json(
        aws,
        "events",
        "AWSEvents.PutEvents",
        &json!({"Entries": entries}),
    )
    .await
}

/// An entry of ours.
pub fn entry(detail: &Value) -> Value {
    json!({"Source": "test", "DetailType": "Test", "Detail": detail.to_string()})
}

/// Given rules whose templates are lines of text or an object, and a topic that admits one of its two rules
/// When events come with all that a template names, without some of it, and with a quote in it
/// Then a line lacks what the event lacks, quotes stay around each line, and what is no JSON, or is not admitted, is a
/// dead letter; a topic's message has no subject.
#[tokio::test(flavor = "multi_thread")]
async fn a_rule_delivers_json_to_what_admits_it() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000091");
    let outputs = stack::deploy(&aws, "told", &template(), &Values::new()).await?;
    let all = async |name: &str, messages| {
        received(&aws, outputs.get(name).context("an output")?, messages).await
    };
    put(&aws, json!([entry(&json!({"what": "done", "who": "me"}))])).await?;
    assert_eq!(all("Text", 1).await?, ["\"done by me\"\n\".\""]);
    let object: Value = serde_json::from_str(&all("Json", 1).await?[0])?;
    assert_eq!(object["all"]["what"], "done");
    assert_eq!(object["who"], "me", "quotes are added outside of quotes");
    let mail: Value = serde_json::from_str(&all("Mail", 1).await?[0])?;
    assert_eq!(mail["Message"], "\"done by me\"\n\".\"");
    assert!(
        mail["Subject"].as_str().unwrap_or_default().is_empty(),
        "{mail}"
    );
    // Of the rule that the topic does not admit.
    let dead: Value = serde_json::from_str(&all("Dead", 1).await?[0])?;
    assert_eq!(dead["detail"]["what"], "done");

    // Nothing stands for `who`, so the object is none; both texts are, and the stranger's is not admitted.
    put(&aws, json!([entry(&json!({"what": "done"}))])).await?;
    assert_eq!(all("Text", 1).await?, ["\"done by \"\n\".\""]);
    assert_eq!(
        (all("Mail", 1).await?.len(), all("Dead", 2).await?.len()),
        (1, 2)
    );

    // Four templates, none of which is JSON then.
    put(&aws, json!([entry(&json!({"what": "\"", "who": "me"}))])).await?;
    assert_eq!(all("Dead", 4).await?.len(), 4);
    Ok(())
}

/// Given a template of a rule that is neither JSON nor lines in quotes, and one that names what no path has
/// When a stack is made with it
/// Then the stack fails, and says which target has it; what EventBridge fills by itself needs no path.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_cannot_be_filled_is_refused() -> Result<()> {
    let server = Server::start(9, NO_FUNCTIONS).await?;
    let aws = Aws::new(&server.endpoint, "100000000092");
    let deploy = async |name: &str, lines: &str| {
        let mut template = template();
        template["Resources"]["ToText"] = rule(&arn("Text"), lines);
        stack::deploy(&aws, name, &template, &Values::new()).await
    };
    let unquoted = "Invalid InputTemplate for target it";
    let unknown = "InputTemplate for target it contains invalid placeholder where.";
    for (name, lines, expect) in [
        ("unquoted", "<what> by <who>", unquoted),
        ("unknown", "\"<what> at <where>\"", unknown),
    ] {
        let refused = deploy(name, lines).await;
        let refused = format!("{:#}", refused.expect_err("no stack"));
        ensure!(refused.contains(expect), "{refused}");
    }
    deploy("reserved", "\"<what> for <aws.events.rule-arn>\"").await?;
    Ok(())
}
