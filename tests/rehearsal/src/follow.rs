//! Follows an execution as a person at the console would: states as they are entered, and the end.

mod end;
mod entry;
#[cfg(test)]
pub(crate) mod fixtures;
mod looks;
mod phase;
mod story;

pub use end::End;
pub(crate) use entry::Entry;
pub(crate) use phase::{Phase, Span};

use crate::show::Show;
use crate::stage::Stage;
use crate::traffic::{Counts, Traffic};
use anyhow::{Result, ensure};
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::ExecutionStatus;
use chrono::Utc;
use entry::time;
use std::time::{Duration, Instant};
use story::Story;

/// Nothing on the stage takes longer, on a busy machine either: a release in steps of minutes does the longest.
const TIMEOUT: Duration = Duration::from_secs(1800);

/// From one look to the next.
const POLL: Duration = Duration::from_millis(150);

/// The same where nobody watches, and many releases run at the same time.
const QUIET_POLL: Duration = Duration::from_secs(1);

/// An execution that is being followed.
pub struct Follow<'a> {
    stage: &'a Stage,
    arn: String,
    entries: Vec<Entry>,
    /// How many versions had begun to answer at the last look; none before the first look.
    begun: Option<u64>,
    /// What was told of it, where somebody watches.
    story: Option<Story>,
    began: Instant,
}

impl<'a> Follow<'a> {
    pub fn new(stage: &'a Stage, arn: String) -> Follow<'a> {
        Follow {
            stage,
            arn,
            entries: Vec::new(),
            begun: None,
            story: None,
            began: Instant::now(),
        }
    }

    /// ARN of the execution.
    pub fn execution(&self) -> &str {
        &self.arn
    }

    /// The id of its release, by which people name it.
    pub fn release(&self) -> &str {
        self.arn.rsplit(':').next().unwrap_or_default()
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
            self.tell(show).await?;
            self.look_at(&traffic.counts(), show);
            if self.is_over(state).await? {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Shows what was entered since the last look.
    async fn tell(&mut self, show: &Show) -> Result<()> {
        let entered = self.newly_entered().await?;
        let story = self
            .story
            .get_or_insert_with(|| Story::new(show.beside_time()));
        for entry in entered {
            let lines = story.tell(&entry);
            lines.into_iter().for_each(|line| show.timed(&[line]));
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Shows what customers get: a line where another version begins to answer.
    fn look_at(&mut self, counts: &Counts, show: &Show) {
        let before = self.begun.replace(counts.begun);
        if let Some(story) = &mut self.story {
            if before.is_some_and(|before| before != counts.begun) {
                show.timed(&[story.aside(&counts.describe())]);
            }
            let part = story.under_way(Utc::now()).into_iter();
            let parts = part.chain([counts.live()]).collect::<Vec<_>>();
            show.live(&parts.join("  |  "));
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

    /// Whether `state` was entered, as far as it was read.
    pub fn has_entered(&self, state: &str) -> bool {
        self.entries.iter().any(|entry| entry.state == state)
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
        let mut story = self.story.take();
        let end = self.into_end().await?;
        let lines = story.as_mut().map(|story| story.end(&end));
        show.timed(&lines.unwrap_or_default());
        Ok(end)
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
            began: time(&execution.start_date),
            ended: execution.stop_date.as_ref().map_or_else(Utc::now, time),
            seconds: self.began.elapsed().as_secs_f64(),
        })
    }

    /// Whether `state` was entered, or the execution has ended; an error once that takes too long.
    async fn is_over(&self, state: Option<&str>) -> Result<bool> {
        let entered = state.is_some_and(|state| self.has_entered(state));
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

    /// The states entered since the last look. A loop's states appear once a round.
    async fn newly_entered(&self) -> Result<Vec<Entry>> {
        let call = self.stage.aws.sfn().get_execution_history();
        let call = call.execution_arn(&self.arn).max_results(1000);
        let events = call.into_paginator().items().send().try_collect().await?;
        let entered = events.iter().filter_map(Entry::of);
        Ok(entered.skip(self.entries.len()).collect())
    }
}
