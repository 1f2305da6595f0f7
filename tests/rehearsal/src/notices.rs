//! What a stack tells: its notices, as subscribers of its topics get them, and the events of which they are made. Queues
//! stand for the people.

mod mailbox;
mod messages;

pub use mailbox::Mailbox;
pub use messages::{Event, Notice, plain};

use crate::aws::Aws;
use crate::stack::{self, Values};
use anyhow::{Context, Result};
use serde_json::{Value, json};

/// All queues of a stage.
pub struct Inbox {
    /// As the parameter `NoticeEmail` gets them.
    pub mail: Mailbox<Notice>,
    /// As the parameter `PageEmail` gets them.
    pub pages: Mailbox<Notice>,
    /// What Amazon Q Developer gets. None where the stack has no such topic.
    pub chat: Option<Mailbox<Notice>>,
    /// Every event of a release, and what flip did for an alarm or a stopped release.
    pub events: Mailbox<Event>,
}

/// The queues by their names in the template, with the output that names the topic.
const TOPICS: [(&str, &str); 3] = [
    ("Mail", "NoticesTopicArn"),
    ("Pages", "PagesTopicArn"),
    ("Chat", "ChatTopicArn"),
];

impl Inbox {
    /// Subscribes to the topics of a stack, by its outputs.
    pub(crate) async fn open(aws: &Aws, outputs: &Values) -> Result<Inbox> {
        let topics = TOPICS.map(|(name, output)| (name, outputs.get(output)));
        let queues = stack::deploy(aws, "inbox", &template(&topics), &Values::new()).await?;
        let url = |name: &str| queues.get(name).cloned();
        Ok(Inbox {
            mail: Mailbox::new(aws, url("Mail").context("no topic of notices")?),
            pages: Mailbox::new(aws, url("Pages").context("no topic of pages")?),
            chat: url("Chat").map(|url| Mailbox::new(aws, url)),
            events: Mailbox::new(aws, url("Events").context("no queue of events")?),
        })
    }

    /// Waits for a notice by mail that fits.
    ///
    /// # Errors
    /// None comes within a minute.
    pub async fn wait(&self, fits: impl Fn(&Notice) -> bool) -> Result<Notice> {
        self.mail.wait(fits).await
    }

    /// Waits for the first event of this name.
    ///
    /// # Errors
    /// None comes within a minute.
    pub async fn event(&self, what: &str) -> Result<Event> {
        self.events.wait(|event| event.what() == what).await
    }
}

fn template(topics: &[(&str, Option<&String>)]) -> Value {
    let pattern = json!({"source": ["blue-green", "lambda"]});
    let target = json!({"Id": "events", "Arn": arn("Events")});
    let rule = json!({"EventPattern": pattern, "Targets": [target]});
    let mut resources = json!({
        "Events": queue(),
        "Rule": {"Type": "AWS::Events::Rule", "Properties": rule},
        "Policy": {"Type": "AWS::SQS::QueuePolicy", "Properties": policy()},
    });
    let mut outputs = json!({"Events": {"Value": {"Ref": "Events"}}});
    for (name, topic) in topics {
        let Some(topic) = topic else { continue };
        let subscription = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": arn(name)});
        resources[name] = queue();
        resources[format!("{name}Subscription")] =
            json!({"Type": "AWS::SNS::Subscription", "Properties": subscription});
        outputs[name] = json!({"Value": {"Ref": name}});
    }
    json!({"Resources": resources, "Outputs": outputs})
}

/// A queue whose messages are read once: they stay hidden as long as SQS allows.
fn queue() -> Value {
    json!({"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 43200}})
}

fn arn(resource: &str) -> Value {
    json!({"Fn::GetAtt": [resource, "Arn"]})
}

/// Lets the rule write into the queue of the events.
fn policy() -> Value {
    let from = json!({"ArnEquals": {"aws:SourceArn": arn("Rule")}});
    let statement = json!({"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": arn("Events"), "Condition": from});
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    json!({"Queues": [{"Ref": "Events"}], "PolicyDocument": document})
}
