//! Follows an execution as a person at the console would: states as they are entered, and the end.

mod entry;

use crate::show::Show;
use crate::stage::Stage;
use crate::traffic::Traffic;
use anyhow::{Result, ensure};
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, Utc};
use entry::Entry;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Nothing on the stage takes longer, on a busy machine either.
const TIMEOUT: Duration = Duration::from_secs(600);

/// From one look to the next.
const POLL: Duration = Duration::from_millis(150);

/// The same where nobody watches, and many releases run at the same time.
const QUIET_POLL: Duration = Duration::from_millis(400);

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
    entries: Vec<Entry>,
    /// How long it was followed, which is from its start.
    pub seconds: f64,
}

/// An execution that is being followed.
pub struct Follow<'a> {
    stage: &'a Stage,
    arn: String,
    entries: Vec<Entry>,
    /// Who answered last: version and environment.
    answering: Option<(String, String)>,
    began: Instant,
}

impl End {
    /// The id of its release.
    pub fn release(&self) -> &str {
        self.execution.rsplit(':').next().unwrap_or_default()
    }

    /// Whether the execution entered a state.
    pub fn entered(&self, state: &str) -> bool {
        self.states.iter().any(|entered| entered == state)
    }

    /// How often the execution entered a state after `since`.
    pub fn entered_since(&self, state: &str, since: DateTime<Utc>) -> usize {
        let later = self.entries.iter().filter(|entry| entry.at > since);
        later.filter(|entry| entry.state == state).count()
    }

    /// The last verdict of its watch, with the reason.
    pub fn last_verdict(&self) -> &str {
        let mut verdicts = self.entries.iter().filter_map(|it| it.verdict.as_deref());
        verdicts.next_back().unwrap_or_default()
    }

    /// The end in one line.
    pub fn describe(&self) -> String {
        let (status, output) = (&self.status, &self.output);
        format!("{status} {}: {} {output}", self.error, self.cause)
    }
}

impl<'a> Follow<'a> {
    pub fn new(stage: &'a Stage, arn: String) -> Follow<'a> {
        Follow {
            stage,
            arn,
            entries: Vec::new(),
            answering: None,
            began: Instant::now(),
        }
    }

    /// ARN of the execution.
    pub fn execution(&self) -> &str {
        &self.arn
    }

    /// Shows states as they are entered, until `state` is entered or the execution ends.
    ///
    /// # Errors
    /// The execution takes longer than 10 minutes, or AWS does not answer.
    pub async fn until(
        &mut self,
        state: Option<&str>,
        show: &Show,
        traffic: &Traffic,
    ) -> Result<()> {
        loop {
            for entry in self.newly_entered().await? {
                if let Some(line) = self.line(&entry) {
                    show.say(&format!("  {line}"));
                }
                self.entries.push(entry);
            }
            let counts = traffic.counts();
            show.live(&counts.describe());
            if counts.latest != self.answering {
                show.say(&counts.describe());
                self.answering = counts.latest;
            }
            if self.is_over(state).await? {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits, without showing anything, until `state` is entered or the execution ends.
    ///
    /// # Errors
    /// The execution takes longer than 10 minutes, or AWS does not answer.
    pub async fn wait(&mut self, state: &str) -> Result<()> {
        loop {
            self.read_states().await?;
            if self.is_over(Some(state)).await? {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Follows to the end.
    ///
    /// # Errors
    /// The execution takes longer than 10 minutes, or AWS does not answer.
    pub async fn end(mut self, show: &Show, traffic: &Traffic) -> Result<End> {
        self.until(None, show, traffic).await?;
        self.into_end().await
    }

    /// Follows to the end without showing anything.
    ///
    /// # Errors
    /// The execution takes longer than 10 minutes, or AWS does not answer.
    pub async fn quiet_end(self) -> Result<End> {
        while !self.is_over(None).await? {
            tokio::time::sleep(QUIET_POLL).await;
        }
        self.into_end().await
    }

    async fn into_end(mut self) -> Result<End> {
        self.read_states().await?;
        let execution = self.describe().await?;
        let output = execution.output.unwrap_or_default();
        Ok(End {
            execution: self.arn,
            status: execution.status,
            error: execution.error.unwrap_or_default(),
            cause: execution.cause.unwrap_or_default(),
            output: serde_json::from_str(&output).unwrap_or_default(),
            states: self.entries.iter().map(|it| it.state.clone()).collect(),
            entries: self.entries,
            seconds: self.began.elapsed().as_secs_f64(),
        })
    }

    /// Whether `state` was entered, or the execution has ended; an error once that takes too long.
    async fn is_over(&self, state: Option<&str>) -> Result<bool> {
        let entered =
            state.is_some_and(|state| self.entries.iter().any(|entry| entry.state == state));
        let over = entered || self.describe().await?.status != ExecutionStatus::Running;
        ensure!(
            over || self.began.elapsed() < TIMEOUT,
            "the execution did not end within {TIMEOUT:?}; its last state was {:?}",
            self.entries.last()
        );
        Ok(over)
    }

    async fn describe(&self) -> Result<DescribeExecutionOutput> {
        let call = self.stage.aws.sfn().describe_execution();
        Ok(call.execution_arn(&self.arn).send().await?)
    }

    async fn read_states(&mut self) -> Result<()> {
        let entered = self.newly_entered().await?;
        self.entries.extend(entered);
        Ok(())
    }

    /// The line for a state: the states of a loop are shown once, and each verdict of the watch with its reason.
    fn line(&self, entry: &Entry) -> Option<String> {
        let again = self.entries.iter().any(|it| it.state == entry.state);
        let state = (!again).then(|| entry.state.clone());
        entry.verdict.clone().or(state)
    }

    /// The states entered since the last look. A loop's states appear once a round.
    async fn newly_entered(&self) -> Result<Vec<Entry>> {
        let call = self.stage.aws.sfn().get_execution_history();
        let call = call.execution_arn(&self.arn).max_results(1000);
        let events = call.into_paginator().items().send().try_collect().await?;
        let entered = events.iter().filter_map(Entry::of);
        Ok(entered.skip(self.entries.len()).collect())
    }
}
