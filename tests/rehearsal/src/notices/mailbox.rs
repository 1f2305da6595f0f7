//! A queue, and what was read from it.

use crate::aws::{Aws, plain};
use anyhow::{Context, Result, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// SNS and EventBridge deliver asynchronously.
const DELIVERED_WITHIN: Duration = Duration::from_secs(60);

/// A queue whose messages are JSON of this form.
pub struct Mailbox<T> {
    aws: Aws,
    queue: String,
    read: Mutex<Vec<T>>,
}

impl<T: Clone + Debug + DeserializeOwned> Mailbox<T> {
    /// The queue at this URL.
    pub(super) fn new(aws: &Aws, queue: String) -> Mailbox<T> {
        Mailbox {
            aws: aws.clone(),
            queue,
            read: Mutex::default(),
        }
    }

    /// Everything so far, in the order in which it came.
    ///
    /// # Errors
    /// The queue does not answer, or holds something else.
    pub async fn all(&self) -> Result<Vec<T>> {
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
                read.push(serde_json::from_str(body).with_context(|| body.to_owned())?);
            }
        }
    }

    /// Waits for the first that fits.
    ///
    /// # Errors
    /// None comes within a minute.
    pub async fn wait(&self, fits: impl Fn(&T) -> bool) -> Result<T> {
        let began = Instant::now();
        loop {
            let all = self.all().await?;
            if let Some(found) = all.iter().find(|it| fits(it)) {
                return Ok(found.clone());
            }
            ensure!(
                began.elapsed() < DELIVERED_WITHIN,
                "what was expected did not come; found {all:#?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}
