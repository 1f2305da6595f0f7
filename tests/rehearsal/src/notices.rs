//! The notices of a stack, as a subscriber gets them: a queue stands for the person.

use crate::aws::{Aws, plain};
use crate::stack::{self, Values};
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// SNS delivers asynchronously.
const DELIVERED_WITHIN: Duration = Duration::from_secs(60);

/// A message as SNS wraps it for a queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Notice {
    #[serde(default)]
    pub subject: String,
    pub message: String,
}

/// The queue, and the notices that were read from it.
pub struct Inbox {
    aws: Aws,
    queue: String,
    read: Mutex<Vec<Notice>>,
}

impl Inbox {
    /// Subscribes to a topic, as the parameter `NoticeEmail` would.
    pub(crate) async fn open(aws: &Aws, topic: &str) -> Result<Inbox> {
        let endpoint = json!({"Fn::GetAtt": ["Queue", "Arn"]});
        let subscription = json!({"TopicArn": topic, "Protocol": "sqs", "Endpoint": endpoint});
        let template = json!({
            "Resources": {
                "Queue": {"Type": "AWS::SQS::Queue"},
                "Inbox": {"Type": "AWS::SNS::Subscription", "Properties": subscription},
            },
            "Outputs": {"Queue": {"Value": {"Ref": "Queue"}}},
        });
        let mut outputs = stack::deploy(aws, "inbox", &template, &Values::new()).await?;
        Ok(Inbox {
            aws: aws.clone(),
            queue: outputs.remove("Queue").context("no queue")?,
            read: Mutex::default(),
        })
    }

    /// All notices so far.
    ///
    /// # Errors
    /// The queue does not answer, or holds something else.
    pub async fn notices(&self) -> Result<Vec<Notice>> {
        let mut read = self.read.lock().await;
        loop {
            let input = json!({"QueueUrl": self.queue, "MaxNumberOfMessages": 10});
            let answer: Value =
                plain::json(&self.aws, "sqs", "AmazonSQS.ReceiveMessage", &input).await?;
            let Some(messages) = answer["Messages"].as_array().filter(|all| !all.is_empty()) else {
                return Ok(read.clone());
            };
            for message in messages {
                let body = message["Body"].as_str().unwrap_or_default();
                read.push(serde_json::from_str(body)?);
            }
        }
    }

    /// Waits for a notice that fits.
    ///
    /// # Errors
    /// None comes within a minute.
    pub async fn wait(&self, fits: impl Fn(&Notice) -> bool) -> Result<Notice> {
        let began = Instant::now();
        loop {
            let notices = self.notices().await?;
            if let Some(notice) = notices.iter().find(|notice| fits(notice)) {
                return Ok(notice.clone());
            }
            ensure!(
                began.elapsed() < DELIVERED_WITHIN,
                "the expected notice did not come; found {notices:?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
