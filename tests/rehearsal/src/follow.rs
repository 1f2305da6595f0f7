//! Follows an execution as a person at the console would: states as they are entered, and the end.

use crate::show::Show;
use crate::stage::Stage;
use crate::traffic::{Counts, Traffic};
use anyhow::{Result, bail};
use aws_sdk_sfn::types::{ExecutionStatus, HistoryEventType};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Nothing on the stage takes longer.
const TIMEOUT: Duration = Duration::from_secs(300);

const LOOK: Duration = Duration::from_millis(150);

/// Where nobody watches, and many releases run at the same time.
const QUIET_LOOK: Duration = Duration::from_millis(400);

/// How an execution ended.
#[derive(Clone, Debug)]
pub struct End {
    /// ARN of the execution.
    pub execution: String,
    pub status: ExecutionStatus,
    pub error: String,
    pub cause: String,
    pub output: Value,
    /// The states it entered, in order.
    pub states: Vec<String>,
    pub seconds: f64,
}

/// An execution that is being followed.
pub struct Follow<'a> {
    stage: &'a Stage,
    arn: String,
    states: Vec<String>,
    /// Who answered at the latest look.
    answering: Option<(String, String)>,
    began: Instant,
}

impl End {
    /// The id of its release.
    pub fn release(&self) -> &str {
        self.execution.rsplit(':').next().unwrap_or_default()
    }
}

impl<'a> Follow<'a> {
    pub fn new(stage: &'a Stage, arn: String) -> Follow<'a> {
        Follow {
            stage,
            arn,
            states: Vec::new(),
            answering: None,
            began: Instant::now(),
        }
    }

    /// ARN of the execution.
    pub fn execution(&self) -> &str {
        &self.arn
    }

    /// Shows states as they are entered, until `state` is entered or the execution ends.
    pub async fn until(
        &mut self,
        state: Option<&str>,
        show: &Show,
        traffic: &Traffic,
    ) -> Result<()> {
        while self.began.elapsed() < TIMEOUT {
            for (entered, input) in self.news().await? {
                if let Some(line) = self.told(&entered, &input) {
                    show.say(&format!("  {line}"));
                }
                self.states.push(entered);
            }
            let counts = traffic.counts();
            show.live(&line(&counts));
            if counts.latest != self.answering {
                show.say(&line(&counts));
                self.answering = counts.latest;
            }
            if state.is_some_and(|state| self.states.iter().any(|entered| entered == state))
                || self.ended().await?
            {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        bail!("{}", self.too_long())
    }

    /// Waits, without telling anybody, until `state` is entered or the execution ends.
    pub async fn wait(&mut self, state: &str) -> Result<()> {
        while self.began.elapsed() < TIMEOUT {
            self.hear().await?;
            if self.states.iter().any(|entered| entered == state) || self.ended().await? {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
        bail!("{}", self.too_long())
    }

    /// Follows to the end.
    pub async fn end(mut self, show: &Show, traffic: &Traffic) -> Result<End> {
        self.until(None, show, traffic).await?;
        self.into_end().await
    }

    /// Follows to the end without telling anybody.
    pub async fn quiet_end(self) -> Result<End> {
        while !self.ended().await? {
            if self.began.elapsed() > TIMEOUT {
                bail!("{}", self.too_long());
            }
            tokio::time::sleep(QUIET_LOOK).await;
        }
        self.into_end().await
    }

    fn too_long(&self) -> String {
        format!(
            "the execution did not end within {TIMEOUT:?}; its last state was {:?}",
            self.states.last()
        )
    }

    async fn into_end(mut self) -> Result<End> {
        self.hear().await?;
        let output = self
            .stage
            .aws
            .sfn()
            .describe_execution()
            .execution_arn(&self.arn)
            .send()
            .await?;
        let parsed = output
            .output()
            .and_then(|text| serde_json::from_str(text).ok());
        Ok(End {
            execution: self.arn,
            status: output.status().clone(),
            error: output.error().unwrap_or_default().to_owned(),
            cause: output.cause().unwrap_or_default().to_owned(),
            output: parsed.unwrap_or_default(),
            states: self.states,
            seconds: self.began.elapsed().as_secs_f64(),
        })
    }

    async fn ended(&self) -> Result<bool> {
        let output = self
            .stage
            .aws
            .sfn()
            .describe_execution()
            .execution_arn(&self.arn)
            .send()
            .await?;
        Ok(*output.status() != ExecutionStatus::Running)
    }

    async fn hear(&mut self) -> Result<()> {
        let news = self.news().await?;
        self.states
            .extend(news.into_iter().map(|(entered, _)| entered));
        Ok(())
    }

    /// The line for a state: a loop is told once, and each look of the watch by what it found.
    fn told(&self, entered: &str, input: &Value) -> Option<String> {
        if entered == "Release healthy?" {
            let word = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
            return Some(format!("{}: {}", word("verdict"), word("reason")));
        }
        let again = self.states.iter().any(|state| state == entered);
        (!again).then(|| entered.to_owned())
    }

    /// The states entered since the last look, with their inputs. A loop's states appear once a round.
    async fn news(&self) -> Result<Vec<(String, Value)>> {
        let call = self
            .stage
            .aws
            .sfn()
            .get_execution_history()
            .execution_arn(&self.arn)
            .max_results(1000);
        let events = call.into_paginator().items().send().try_collect().await?;
        let entered = events.iter().filter(|event| is_entry(event.r#type()));
        let details = entered.filter_map(|event| event.state_entered_event_details());
        let news = details.skip(self.states.len()).map(|it| {
            let input = it.input().and_then(|text| serde_json::from_str(text).ok());
            (it.name().to_owned(), input.unwrap_or_default())
        });
        Ok(news.collect())
    }
}

fn is_entry(event: &HistoryEventType) -> bool {
    event.as_str().ends_with("StateEntered")
}

/// The live line: which environment and version answer, and how.
pub fn line(counts: &Counts) -> String {
    let (version, environment) = counts
        .latest
        .clone()
        .unwrap_or_else(|| ("nobody".to_owned(), "none".to_owned()));
    let ((requests, errors), failed) = (counts.second, counts.failed);
    let served = counts.served();
    format!(
        "{environment} is live, {version} answers: {requests} requests/s, {errors} errors/s; {served} served, {failed} failed"
    )
}
