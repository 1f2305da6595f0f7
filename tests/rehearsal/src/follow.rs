//! Follows an execution as a person at the console would: states as they are entered, and the end.

mod end;
mod entry;

pub use end::End;

use crate::show::Show;
use crate::stage::Stage;
use crate::traffic::Traffic;
use anyhow::{Result, ensure};
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::{DateTime, TimeDelta, Utc};
use entry::Entry;
use std::time::{Duration, Instant};

/// Nothing on the stage takes longer, on a busy machine either: a release in steps of minutes does the longest.
const TIMEOUT: Duration = Duration::from_secs(1800);

/// From one look to the next.
const POLL: Duration = Duration::from_millis(150);

/// The same where nobody watches, and many releases run at the same time.
const QUIET_POLL: Duration = Duration::from_secs(1);

/// How often a verdict is shown that stays the same.
const SHOWN_FOR: TimeDelta = TimeDelta::seconds(20);

/// An execution that is being followed.
pub struct Follow<'a> {
    stage: &'a Stage,
    arn: String,
    entries: Vec<Entry>,
    /// How many versions had begun to answer at the last look.
    begun: u64,
    /// The verdict that was shown last, in a word, and when it was.
    shown: Option<(String, DateTime<Utc>)>,
    began: Instant,
}

impl<'a> Follow<'a> {
    pub fn new(stage: &'a Stage, arn: String) -> Follow<'a> {
        Follow {
            stage,
            arn,
            entries: Vec::new(),
            begun: 0,
            shown: None,
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
    /// The execution takes longer than half an hour, or AWS does not answer.
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
            show.live(&counts.live());
            if counts.begun != self.begun {
                show.say(&counts.describe());
                self.begun = counts.begun;
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
    /// The execution takes longer than half an hour, or AWS does not answer.
    pub async fn wait(&mut self, state: &str) -> Result<()> {
        loop {
            self.read_states().await?;
            if self.is_over(Some(state)).await? {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits until the new environment has a share of the traffic, in per cent.
    ///
    /// # Errors
    /// The execution ends before, takes longer than half an hour, or AWS does not answer.
    pub async fn wait_for_share(&mut self, share: u64) -> Result<()> {
        while !self.entries.iter().any(|entry| entry.share == Some(share)) {
            self.read_states().await?;
            let over = self.is_over(None).await?;
            ensure!(!over, "it ended before {share} %: {:?}", self.entries);
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Follows to the end.
    ///
    /// # Errors
    /// The execution takes longer than half an hour, or AWS does not answer.
    pub async fn end(mut self, show: &Show, traffic: &Traffic) -> Result<End> {
        self.until(None, show, traffic).await?;
        self.into_end().await
    }

    /// Follows to the end without showing anything.
    ///
    /// # Errors
    /// The execution takes longer than half an hour, or AWS does not answer.
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

    /// The line for a state: the states of a loop are shown once, each flip with its share, and the verdicts of the watch
    /// with their reasons.
    fn line(&mut self, entry: &Entry) -> Option<String> {
        if let Some(verdict) = &entry.verdict {
            return self.news(verdict, entry.at).then(|| verdict.clone());
        }
        let again = self.entries.iter().any(|it| it.state == entry.state);
        let state = (!again).then(|| entry.state.clone());
        let share = entry
            .share
            .map(|share| format!("{} {share} %", entry.state));
        share.or(state)
    }

    /// Whether a verdict is another one than the last, or the last is a while ago.
    fn news(&mut self, verdict: &str, at: DateTime<Utc>) -> bool {
        let (word, _) = verdict.split_once(':').unwrap_or_default();
        let shown = self.shown.as_ref();
        let news = shown.is_none_or(|(last, since)| last != word || at - since > SHOWN_FOR);
        if news {
            self.shown = Some((word.to_owned(), at));
        }
        news
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
