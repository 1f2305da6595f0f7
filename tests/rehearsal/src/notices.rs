//! Somebody who subscribed to the stack's notices: a queue that hears what a person would read.

use crate::aws::Aws;
use crate::stack::{self, Values};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// SNS delivers beside everything else.
const DELIVERED_WITHIN: Duration = Duration::from_secs(10);

/// A message as SNS wraps it for a queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Notice {
    #[serde(default)]
    pub subject: String,
    pub message: String,
}

/// The queue, and what was taken out of it so far.
pub struct Inbox {
    aws: Aws,
    queue: String,
    read: Mutex<Vec<Notice>>,
}

impl Inbox {
    /// Subscribes to a topic, as the parameter `NoticeEmail` would.
    pub async fn open(aws: &Aws, topic: &str) -> Result<Inbox> {
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

    /// Every notice so far.
    pub async fn notices(&self) -> Result<Vec<Notice>> {
        let mut read = self.read.lock().await;
        loop {
            let call = self.aws.sqs().receive_message().queue_url(&self.queue);
            let output = call.max_number_of_messages(10).send().await?;
            let messages = output.messages.unwrap_or_default();
            if messages.is_empty() {
                return Ok(read.clone());
            }
            for message in messages {
                read.push(serde_json::from_str(message.body().unwrap_or_default())?);
            }
        }
    }

    /// Waits for a notice that fits.
    pub async fn wait(&self, fits: impl Fn(&Notice) -> bool) -> Result<Notice> {
        let began = Instant::now();
        loop {
            let notices = self.notices().await?;
            if let Some(notice) = notices.iter().find(|it| fits(it)) {
                return Ok(notice.clone());
            }
            if began.elapsed() > DELIVERED_WITHIN {
                bail!("the expected notice did not come; found {notices:?}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
